"""An export is converted by the study that it fits, and by no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import convert
from ivig_cdisc.errors import RawError
from ivig_cdisc.metadata import Study, bundled
from ivig_cdisc.raw import recognise

CHECKOUT = Path(__file__).parents[2]
EXAMPLE = CHECKOUT / "examples" / "ntr6160"
OPTIONAL = ("medical_history.csv", "medications.csv")


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    return bundled()


def folder(path: Path, studies: dict[str, Study], name: str, mark: str) -> Path:
    """Files with the headers of a study's forms, and nothing in them."""
    path.mkdir(exist_ok=True)
    for form in studies[name].forms.values():
        if form.required:
            (path / form.file).write_text(mark.join(form.columns) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("source", ["raw", "odm/ntr6160.xml", "redcap/ntr6160.csv"])
def test_the_example_in_each_kind(studies: dict[str, Study], source: str) -> None:
    fit = recognise(EXAMPLE / source, studies)
    assert (fit.study, str(fit)) == ("ntr6160", "has all 6 required forms")


@pytest.mark.parametrize("name", ["ntr6160", "cdiscpilot01"])
@pytest.mark.parametrize(
    "mark", [",", ";"]
)  # whatever the study says; its reader says what is wrong with that
def test_each_bundled_study_by_its_files(
    tmp_path: Path, studies: dict[str, Study], name: str, mark: str
) -> None:
    assert recognise(folder(tmp_path / "raw", studies, name, mark), studies).study == name


def test_a_strangers_export_fits_none(tmp_path: Path, studies: dict[str, Study]) -> None:
    (tmp_path / "dm.csv").write_text("SUBJ,SITE\n1,2\n", "utf-8")
    with pytest.raises(RawError) as caught:
        recognise(tmp_path, studies)
    assert str(caught.value) == (
        f"{tmp_path.name}: none of the bundled studies may be meant\n"
        "  cdiscpilot01: the export misses 3 of 3 required forms: dm_raw.csv, ds_raw.csv, ec_raw.csv\n"
        "  ntr6160: the export misses 6 of 6 required forms: subjects.csv, infusions.csv, core_set.csv, laboratory.csv, "
        "adverse_events.csv, end_of_study.csv\n"
        "Name a study by --study (study= in Python), or begin one with `ivig-cdisc new-study NAME --from RAW`."
    )


def test_the_same_file_names_with_other_columns_fit_none(
    tmp_path: Path, studies: dict[str, Study]
) -> None:
    raw = folder(tmp_path / "raw", studies, "cdiscpilot01", ",")
    (raw / "dm_raw.csv").write_text("SUBJ,SITE,SEX\n", "utf-8")
    with pytest.raises(
        RawError, match=r"cdiscpilot01: the export misses 1 of 3 required forms: dm_raw.csv\n"
    ):
        recognise(raw, studies)


def test_files_of_two_studies_fit_both(tmp_path: Path, studies: dict[str, Study]) -> None:
    for name in studies:
        raw = folder(tmp_path / "raw", studies, name, ",")
    with pytest.raises(
        RawError, match=r"several of the bundled studies may be meant\n  cdiscpilot01: .* has all 3"
    ):
        recognise(raw, studies)


@pytest.mark.parametrize("name", ["x.xml", "x.csv"])
@pytest.mark.parametrize("content", [b"", b"\xff\x00\x80", b"<ODM", b"a,b\n1,2\n"])
def test_any_file_is_looked_at_without_a_crash(
    tmp_path: Path, studies: dict[str, Study], name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RawError, match="none of the bundled studies may be meant") as caught:
        recognise(tmp_path / name, studies)
    assert str(caught.value).endswith(
        "\nName a study by --study (study= in Python), or write one: specs/README.md."
    )  # no new-study here


def test_nothing_is_written_of_a_strangers_export(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(RawError, match="none of the bundled studies may be meant"):
        convert(tmp_path / "raw", tmp_path / "out")
    with pytest.raises(RawError, match="is not there; expected a folder"):
        convert(tmp_path / "other", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, studies: dict[str, Study]) -> None:
    raw = folder(tmp_path / "raw", studies, "cdiscpilot01", ",")
    (raw / "dm_raw.csv").rename(tmp_path / "elsewhere.csv")
    (raw / "dm_raw.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(
        RawError, match=r"dm_raw.csv: is a link to a file outside the export's folder"
    ):
        convert(raw, tmp_path / "out", study="cdiscpilot01")
