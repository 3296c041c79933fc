"""Prints the stock report of the shop."""

import humanize
from tabulate import tabulate

STOCK = {"apples": 1200, "pears": 340, "plums": 56}


def report() -> str:
    rows = [(name, humanize.intcomma(count)) for name, count in sorted(STOCK.items())]
    return tabulate(rows, headers=["item", "stock"], tablefmt="github")


if __name__ == "__main__":
    print(report())
    print(f"tools counted {humanize.intcomma(sum(STOCK.values()))} items", flush=True)
