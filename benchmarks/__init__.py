"""Measures orgnet beside what people use today; not part of the distribution."""
