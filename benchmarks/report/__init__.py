"""The groups edition from 10 to 100,000 people: bytes, and seconds to write and open."""
