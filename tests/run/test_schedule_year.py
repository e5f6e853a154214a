# SPDX-License-Identifier: Apache-2.0
"""A year of cron expressions and intervals in five zones against an oracle that knows neither ICU nor arithmetic: it
walks every minute of the year with Python's zoneinfo. The days around each change of the clock run always, whole years
with SLUICE_WHOLE_YEARS=1."""
import os
import subprocess
import unittest
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sluice import PROGRAM, environment, main

YEAR = 2026
ZONES = ["Europe/Kyiv", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Pacific/Chatham"]
EXPRESSIONS = [
    "0 * * * *", "*/15 * * * *", "30 2 * * *", "0 0 * * *", "15 1,2,3 * * *", "*/10 2 * * *", "0 */3 * * *",
    "45 1-3 * * sun", "0 4 1,15 * 0", "17 */2 * */2 *",
]
CLOCK_INTERVALS = {f"{n}h": f"0 */{n} * * *" for n in (1, 2, 3, 4, 6, 8, 12)}
ELAPSED_INTERVALS = {"7h": 7 * 60, "90m": 90, "5h": 5 * 60, "48h": 48 * 60}
WHOLE = os.environ.get("SLUICE_WHOLE_YEARS") == "1"
MINUTE = timedelta(minutes=1)


def values(field, least, most, names=()):
    """The numbers of one field; as little of the dialect as the expressions above need."""
    found = set()
    for part in field.split(","):
        bounds, _, step = part.partition("/")
        first, _, last = bounds.partition("-")
        if first == "*":
            first, last = least, most
        first, last = (names.index(v) if v in names else int(v) for v in (first, last or first))
        found.update(range(first, last + 1, int(step or 1)))
    return found


class Expression:
    def __init__(self, text):
        fields = text.split()
        self.minutes, self.hours = values(fields[0], 0, 59), values(fields[1], 0, 23)
        self.days, self.months = values(fields[2], 1, 31), values(fields[3], 1, 12)
        self.weekdays = values(fields[4], 0, 6, ("sun", "mon", "tue", "wed", "thu", "fri", "sat"))
        self.either = "*" not in (fields[2], fields[4])
        self.every_hour = self.hours == set(range(24))

    def matches(self, local):
        if local.minute not in self.minutes or local.hour not in self.hours or local.month not in self.months:
            return False
        day, weekday = local.day in self.days, local.isoweekday() % 7 in self.weekdays
        return day or weekday if self.either else day and weekday


class Minutes:
    """Every minute from `first` to `last` (UTC) in a zone: its local time, and whether that is its second coming; by the
    minute of the hour, which most expressions name. And the local minutes that were left out just before one."""

    def __init__(self, zone, first, last):
        self.rows, self.skipped = [[] for _ in range(60)], []
        before = (first - MINUTE).astimezone(zone)
        at = first
        while at < last:
            local = at.astimezone(zone)
            gap = local.replace(tzinfo=None) - before.replace(tzinfo=None) - MINUTE
            self.skipped += [(at, local.replace(tzinfo=None) - MINUTE * n) for n in range(int(gap / MINUTE), 0, -1)]
            self.rows[local.minute].append((at, local, local.fold == 1))
            before, at = local, at + MINUTE

    def times(self, expression):
        found = {at for minute in expression.minutes for at, local, again in self.rows[minute]
                 if expression.matches(local) and (expression.every_hour or not again)}
        if not expression.every_hour:
            found.update(at for at, local in self.skipped if expression.matches(local))
        return sorted(found)


def changes(zone):
    """The hours of the year in which the zone's offset becomes another one."""
    at, end = datetime(YEAR, 1, 1, tzinfo=timezone.utc), datetime(YEAR + 1, 1, 1, tzinfo=timezone.utc)
    found = []
    while at < end:
        if at.astimezone(zone).utcoffset() != (at + timedelta(hours=1)).astimezone(zone).utcoffset():
            found.append(at)
        at += timedelta(hours=1)
    return found


def stretches(zone):
    if WHOLE:
        return [(datetime(YEAR, 1, 1, tzinfo=timezone.utc), datetime(YEAR + 1, 1, 1, tzinfo=timezone.utc))]
    return [(at - timedelta(days=1), at + timedelta(days=1)) for at in changes(zone)]


def answered(expected, first, last, zone, *how):
    """What the program says of the time from `first` (included) to `last`; it is asked for one more than expected."""
    n = len(expected) + 1
    done = subprocess.run([PROGRAM, "schedule", "next", *how, "--timezone", zone, "--from",
                           (first - timedelta(seconds=1)).isoformat(), "-n", str(n)],
                          capture_output=True, text=True, env=environment(), check=True)
    times = [datetime.fromisoformat(line.replace("Z", "+00:00")) for line in done.stdout.split()]
    return [t.astimezone(timezone.utc) for t in times if t < last]


class ScheduleYear(unittest.TestCase):
    def setUp(self):
        try:
            self.zones = {name: ZoneInfo(name) for name in ZONES}
        except ZoneInfoNotFoundError as missing:
            self.skipTest(f"{missing}; install tzdata")

    def test_each_zone_changes_its_clock_twice(self):
        for name, zone in self.zones.items():
            self.assertEqual(len(changes(zone)), 2, name)

    def test_cron_and_clock_intervals_come_when_the_oracle_says(self):
        for name, zone in self.zones.items():
            for first, last in stretches(zone):
                minutes = Minutes(zone, first, last)
                for how, expression in [(("--cron", e), e) for e in EXPRESSIONS] + \
                                       [(("--every", d), e) for d, e in CLOCK_INTERVALS.items()]:
                    with self.subTest(zone=name, schedule=how, first=first):
                        expected = minutes.times(Expression(expression))
                        self.assertEqual([t.isoformat() for t in answered(expected, first, last, name, *how)],
                                         [t.isoformat() for t in expected])

    def test_other_intervals_follow_elapsed_time_from_midnight(self):
        for name, zone in self.zones.items():
            for first, last in stretches(zone):
                before = first - timedelta(seconds=1)
                midnight = before.astimezone(zone).replace(hour=0, minute=0, second=0).astimezone(timezone.utc)
                for interval, length in ELAPSED_INTERVALS.items():
                    with self.subTest(zone=name, every=interval, first=first):
                        times = [midnight + length * MINUTE * n for n in range(int((last - midnight) / MINUTE) // length + 1)]
                        expected = [t for t in times if first <= t < last]
                        self.assertEqual(answered(expected, first, last, name, "--every", interval), expected)


if __name__ == "__main__":
    main()
