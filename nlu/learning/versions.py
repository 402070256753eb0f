"""Knows the shelf of learnt models: a folder for each version, and one small file that says which of them is heard."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nlu.model import Model, load
from nlu.sound import ModelError

_POINTER = "live.json"
_MANIFEST = "manifest.json"
_MODEL = "model"
_UNFINISHED = ".new-"
_KEPT = 5


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which version is heard ("" for the model as it was delivered), those before it, and those taken back by hand."""

    version: str = ""
    before: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()

    def promoted(self, version: str) -> Pointer:
        """With another version heard from now on."""
        before = self.before if version == self.version else (*self.before, self.version)
        return Pointer(version, before, tuple(x for x in self.taken_back if x != version))

    def rolled_back(self) -> Pointer:
        """With the version before heard again."""
        taken_back = tuple(dict.fromkeys((*self.taken_back, self.version)))
        return Pointer(self.before[-1] if self.before else "", self.before[:-1], taken_back)


class Shelf:
    """Where learnt models lie. Whoever reads sees a whole version or none, and the old pointer or the new one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # -- the pointer -----------------------------------------------------------------------------------------------

    def mark(self) -> bytes:
        """What is another one whenever another version is to be heard, or the same was made anew; two small files."""
        try:
            said = self._said()
            named = self._understood(said).version if said else ""
        except ModelError as error:
            return f"{error}".encode()
        return said + _bytes(self.folder / named / _MANIFEST) if named else said

    def pointer(self) -> Pointer:
        """Which version is heard. Raises ModelError where the file says nothing that can be understood."""
        said = self._said()
        return self._understood(said) if said else Pointer()

    def _said(self) -> bytes:
        try:
            return (self.folder / _POINTER).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise ModelError(f"{_POINTER} cannot be read: {error.strerror}") from error

    def _understood(self, said: bytes) -> Pointer:
        try:
            told = json.loads(said)
            found = Pointer(str(told["version"]), tuple(map(str, told["before"])), tuple(map(str, told["taken_back"])))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ModelError(f"{_POINTER} is damaged") from error
        if any(not _is_name(version) for version in (found.version, *found.before)):
            raise ModelError(f"{_POINTER} names a version that can be none")
        return found

    def point(self, pointer: Pointer) -> None:
        """Another version is heard from now on; a crash leaves the old one or the new one."""
        write_whole(self.folder / _POINTER, json.dumps(asdict(pointer), indent=1))

    # -- versions --------------------------------------------------------------------------------------------------

    def versions(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Every version with its manifest, the oldest first."""
        found = [(path.parent.name, self.manifest(path.parent.name)) for path in self.folder.glob(f"*/{_MANIFEST}")]
        whole = [(name, manifest) for name, manifest in found if manifest and not name.startswith(_UNFINISHED)]
        return sorted(whole, key=lambda one: (_number(one[1]), one[0]))

    def manifest(self, version: str) -> Mapping[str, Any]:
        """What a version was made of; nothing where there is no such version or its manifest is damaged."""
        try:
            found = json.loads((self.folder / version / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def sound(self, version: str) -> bool:
        """Whether a version can be heard with."""
        try:
            self.load(version)
        except ModelError:
            return False
        return True

    def load(self, version: str) -> Model:
        """The model of a version. Raises ModelError with a sentence where it is not what was once put here."""
        kept = self.manifest(version).get("files")
        if not isinstance(kept, dict) or not kept:
            raise ModelError("its manifest is missing or damaged")
        try:
            found = _digests(self.folder / version / _MODEL)
        except OSError as error:
            raise ModelError(f"its files cannot be read: {error.strerror}") from error
        if kept != found:
            raise ModelError("its files are damaged: they are not those that were once put here")
        return load(self.folder / version / _MODEL)

    @contextmanager
    def making(self, version: str) -> Iterator[Path]:
        """A folder to make a version in; it stands on the shelf only when all went well."""
        folder = self.folder / f"{_UNFINISHED}{version}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
            shutil.rmtree(self.folder / version, ignore_errors=True)
            folder.rename(self.folder / version)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def thin_out(self) -> None:
        """Models that nobody will go back to take room, some megabytes each; what was said of them stays."""
        pointer = self.pointer()
        needed = {pointer.version, *pointer.before[-_KEPT:]}
        for path in self.folder.glob(f"*/{_MODEL}"):
            if path.parent.name not in needed:
                shutil.rmtree(path, ignore_errors=True)

    def describe(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        """Writes what a version is made of, with the digests of its model's files."""
        number = 1 + max((_number(told) for _, told in self.versions()), default=0)
        whole = {**manifest, "number": number, "files": _digests(folder / _MODEL)}
        write_whole(folder / _MANIFEST, json.dumps(whole, ensure_ascii=False, indent=1))

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else is learning at this shelf; what an interrupted one left behind is cleared away."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            for left in self.folder.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(left, ignore_errors=True)
            yield True


def _number(manifest: Mapping[str, Any]) -> int:
    """Which version it was, counted; 0 where the manifest was changed by hand and does not say so any more."""
    found = manifest.get("number")
    return found if isinstance(found, int) else 0


def _is_name(version: str) -> bool:
    return version == "" or version.isalnum()


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.glob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # `load` says why


def write_whole(path: Path, text: str) -> None:
    """Whole or not at all, also when the power goes."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
