"""orgnet: another window from what a results folder has stored: STORED ROSTER KEY LAST_DAY."""

import shutil
import sys

from orgnet.cli import main

stored, roster, key, last_day = sys.argv[1:5]
# A run writes into its folder, and every run of the benchmark is to find the same.
shutil.copytree(stored, "out")
sys.argv[1:] = ["analyse", "--people", roster, "--out", "out", "--key", key, "--to", last_day]
sys.exit(main())
