"""Findings on what a dataset leaves out."""

from collections.abc import Sequence

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.data.dataset import Skipped
from cnn_desktop.data.health.examining import Unreadable
from cnn_desktop.data.health.report import Finding


def left_out_findings(unreadable: Sequence[Unreadable], skipped: Sequence[Skipped]) -> list[Finding]:
    """Pictures that can't be read, and files that aren't taken for pictures of the dataset; each with its reason."""
    findings: list[Finding] = []
    if unreadable:
        title = ngettext("{count} picture can't be read", "{count} pictures can't be read", len(unreadable))
        findings.append(
            Finding(
                "unreadable",
                "warning",
                title.format(count=len(unreadable)),
                _("They are left out when a model is trained or measured. Replace or remove them, or leave it so."),
                tuple((picture.key,) for picture in unreadable),
                {picture.key: picture.reason for picture in unreadable},
            )
        )
    if skipped:
        title = ngettext("{count} file was passed over", "{count} files were passed over", len(skipped))
        findings.append(
            Finding(
                "skipped_files",
                "note",
                title.format(count=len(skipped)),
                _("They aren't used. If pictures are among them, give them a picture's name and a class folder."),
                tuple((skip.file,) for skip in skipped),
                {skip.file: skip.reason for skip in skipped},
            )
        )
    return findings
