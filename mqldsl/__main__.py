"""`python -m mqldsl` is `mql`."""

from mqldsl.front.cli import main

if __name__ == "__main__":
    main()
