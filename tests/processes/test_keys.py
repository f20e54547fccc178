"""Keys that are missing, or others, beside a filled database: nothing starts, nothing is made anew, and it says why."""

import shutil
import subprocess
import sys

from tests.processes.system import Browser, System, environment, free_port, leftovers, lianxin


def said(*words, data_dir):
    process = lianxin(*words, LIANXIN_DATA_DIR=str(data_dir), PORT=str(free_port()))
    return process.communicate(timeout=90)[0], process.returncode


def test_nothing_starts_with_missing_or_other_keys(peopled, tmp_path):
    secrets = peopled / "secrets"
    shutil.copytree(secrets, tmp_path / "kept")
    (secrets / "lianxin_seal_key").unlink()
    for words in (["serve"], ["work"], ["migrate"], ["backup", tmp_path / "a.tar"]):
        told, status = said(*words, data_dir=peopled)
        assert status == 1, told
        assert "its key LIANXIN_SEAL_KEY is missing here" in told
        assert "Put the old secrets/ into" in told
        assert "Traceback" not in told
        assert not (secrets / "lianxin_seal_key").exists(), f"{words} made one"
    told, status = said("doctor", data_dir=peopled)
    assert status == 1
    assert "its key LIANXIN_SEAL_KEY is missing here" in told
    assert not (secrets / "lianxin_seal_key").exists()

    (secrets / "lianxin_seal_key").write_text("another one")
    told, status = said("serve", data_dir=peopled)
    assert status == 1
    assert "the key LIANXIN_SEAL_KEY here is not the one it was written with" in told
    assert leftovers(peopled) == []

    shutil.copy(tmp_path / "kept" / "lianxin_seal_key", secrets / "lianxin_seal_key")
    system = System(peopled)
    assert Browser(system.port).get("/readyz").status == 200
    system.stop()


def test_who_lost_them_goes_on_once_they_say_so(peopled):
    (peopled / "secrets" / "lianxin_seal_key").write_text("another one")
    told, status = said("accept-keys", data_dir=peopled)
    assert (status, "add --lost" in told) == (1, True)
    done = subprocess.run(
        [sys.executable, "-m", "lianxin.config.cli", "accept-keys", "--lost"],
        env=environment(LIANXIN_DATA_DIR=str(peopled)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    system = System(peopled)
    assert Browser(system.port).get("/readyz").status == 200
    system.stop()
