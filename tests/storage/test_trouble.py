"""A full disk, a locked database, a server restarted: one sentence, nothing lost, work goes on."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from core.bell import Bell
from core.case import CitizenMessage
from core.inbound import Applicant
from core.ports import UnavailableError
from storage import database as opening
from storage.database import Database, open_database
from storage.errors import StorageError
from tests.storage import postgres
from tests.storage.test_contract import NOW
