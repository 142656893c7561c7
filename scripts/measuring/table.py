"""Numbers, and the table that says which of them reach their goal."""

import statistics


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, goal, measured, ratio="", met=None):
        """A row. `met` is None for what is only told."""
        verdict = {None: "", True: "met", False: "MISSED"}[met]
        self.rows.append((what, goal, measured, ratio, verdict))
        print(f"  {what}: {measured} {ratio} {verdict}".rstrip(), flush=True)

    def print(self):
        titles = ("what", "goal", "measured", "ratio", "verdict")
        print("\n| " + " | ".join(titles) + " |\n|" + "---|" * len(titles))
        for row in self.rows:
            print("| " + " | ".join(row) + " |")
        missed = sum(row[-1] == "MISSED" for row in self.rows)
        met = sum(row[-1] == "met" for row in self.rows)
        print(f"\n{met} met, {missed} missed")


def spread(values, unit="s", digits=2):
    """The median, and from where to where."""
    middle, least, most = statistics.median(values), min(values), max(values)
    if len(values) == 1:
        return f"{middle:.{digits}f} {unit}"
    return f"{middle:.{digits}f} {unit} ({least:.{digits}f}-{most:.{digits}f})"


def ratios(numerators, denominators):
    """The ratios of each round: what else the machine did in a round touched both."""
    return [a / b for a, b in zip(numerators, denominators)]


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
