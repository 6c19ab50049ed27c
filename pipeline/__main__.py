"""`python -m pipeline` is the command `zhengce`."""

from pipeline.cli import command

if __name__ == "__main__":
    command()
