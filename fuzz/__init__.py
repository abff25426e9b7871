"""Coverage-guided fuzzing of every reader, with atheris in an environment of its own."""
