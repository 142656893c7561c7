"""Shows what the vendor's client does to a call whose answer is lost: it calls again, whatever the call does.

Usage: blind_retries.py PROGRAM    (avara-tui; run by an interpreter that has `avara`)

One invitation is applied and its connection reset, twice. The client reports one success; three people have
been written to. A program that must not do this is tested against the same sandbox.
"""

import subprocess
import sys

from avara import Avara

FAULTS = (
    "POST /v1/viewer/users attempt=1 -> rst-after-apply;"
    "POST /v1/viewer/users attempt=2 -> rst-after-apply; invite-twice"
)
KEY = "retries"
EMAIL = "ada@example.org"


def main():
    sandbox = subprocess.Popen(
        [sys.argv[1], "sandbox", "--listen", "127.0.0.1:0", "--api-key", KEY, "--faults", FAULTS],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        client = Avara(base_url=sandbox.stdout.readline().split()[-1], api_key=KEY)
        user = client.viewer.users.invite(
            can_manage_studies=True,
            clinic_role="Radiologist",
            email=EMAIL,
            first_name="Ada",
            has_dashboard_access=True,
            last_name="Example",
            level="member",
        )
        sent = [it for it in client.viewer.users.invitations.list(limit=100) if it.email == EMAIL]
    finally:
        sandbox.terminate()
        sandbox.wait()
    print(f"told: invited once, as {user.user_id}; sent: {len(sent)} invitations")
    return 0 if len(sent) == 3 else 1


if __name__ == "__main__":
    sys.exit(main())
