"""``python -m orgnet``: the command line where the program ``orgnet`` is not on the path."""

from orgnet.cli import main

if __name__ == "__main__":
    main()
