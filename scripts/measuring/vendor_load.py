"""Reads studies with the vendor's own client and its own paging. Run by the interpreter that has it.

Usage: vendor_load.py PAGES    (0: to the end). Says the seconds without its own start.
"""

import sys
import time

from avara import Avara

PAGE = 100


def main():
    wanted = int(sys.argv[1]) * PAGE
    studies = []
    start = time.perf_counter()
    for study in Avara().viewer.studies.list(limit=PAGE):
        studies.append(study)
        if len(studies) == wanted:
            break
    print(time.perf_counter() - start, file=sys.stderr)


if __name__ == "__main__":
    main()
