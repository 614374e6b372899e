"""The one stylesheet, built from the colours.

Roles are dynamic properties: `role` is title, caption, value, danger or error on labels, and primary, danger, quiet or
link on buttons.
"""

from string import Template

from cnn_desktop.core.paths import resources
from cnn_desktop.ui.colors import Colors

_SHEET = Template("""
QMainWindow, QDialog, QMessageBox { background: $ground; }
QToolTip { background: $card; color: $text; border: 1px solid $border; padding: 4px 8px; }

QMenuBar { background: $chrome; border-bottom: 1px solid $border; padding: 2px 8px; }
QMenuBar::item { padding: 4px 12px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $accent_soft; color: $accent; }
QMenu { background: $card; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 28px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QStatusBar { background: $chrome; border-top: 1px solid $border; color: $muted; }
QStatusBar QLabel { color: $muted; font-size: ${small}px; padding: 2px 8px; }
QStatusBar::item { border: none; }
QSplitter::handle { background: transparent; }

Card { background: $card; border: 1px solid $border; border-radius: 8px; }
Card QScrollArea, Card QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollArea { background: transparent; border: none; }

QLabel[role="title"] { font-size: ${large}px; font-weight: bold; }
QLabel[role="caption"] { color: $muted; font-size: ${small}px; }
QLabel[role="caption"][changed="true"] { color: $accent; }
QLabel[role="value"] { color: $text; }
QLabel[role="strong"] { color: $text; font-weight: bold; }
QLabel[role="error"] { color: $danger; font-size: ${small}px; }
QLabel[role="mark"] {
    color: $warning; background: $warning_soft; border-radius: 4px; padding: 1px 8px; font-size: ${small}px;
    font-weight: bold;
}
QLabel[role="heading"] { font-size: ${huge}px; font-weight: bold; }
QLabel[role="lead"] { font-size: ${large}px; color: $text; }
QLabel[role="reading"] { color: $text; }
QLabel[role="sign"] { font-size: ${huge}px; color: $muted; }
QLabel[role="result"] { font-size: ${large}px; }
#lessonHints { background: $accent_soft; border: none; border-radius: 8px; }
QLabel[role="ok"] { color: $ok; font-size: ${small}px; }
QLabel[role="verdict"] {
    border: 1px solid $muted; border-radius: 9px; padding: 1px 8px; font-size: ${small}px; font-weight: bold;
    color: $muted;
}
QLabel[role="verdict"][tone="good"] { color: $ok; border-color: $ok; }
QLabel[role="verdict"][tone="doubt"] { color: $warning; border-color: $warning; }
QLabel[role="verdict"][tone="bad"] { color: $danger; border-color: $danger; }

QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {
    background: $field; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 0 8px; min-height: 32px; max-height: 32px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover, QLineEdit:hover { border-color: $muted; }
QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus, QComboBox:on { border-color: $accent; }
QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QLineEdit:disabled { color: $muted; background: $card; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url("$icons/arrow-down.svg"); width: 14px; height: 14px; }
QComboBox QAbstractItemView {
    background: $card; color: $text; border: 1px solid $border; padding: 4px; outline: 0;
    selection-background-color: $accent_soft; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {
    border: none; background: transparent; padding: 0; min-height: 0; max-height: 1000px;
}
QSpinBox[role="quiet"], QComboBox[role="quiet"] {
    border-color: transparent; background: transparent; color: $muted; min-height: 22px; max-height: 22px;
}
QComboBox[role="quiet"] { font-size: ${small}px; padding: 0 0 0 4px; }
QComboBox[role="quiet"]:hover, QComboBox[role="quiet"]:focus { border-color: $border; }
QComboBox[role="quiet"]::drop-down { width: 20px; }
QComboBox[role="quiet"] {
    border-color: transparent; background: transparent; color: $muted; min-height: 18px; max-height: 18px;
    padding: 0 4px; font-size: ${small}px;
}
QComboBox[role="quiet"]:hover, QComboBox[role="quiet"]:focus, QComboBox[role="quiet"]:on { border-color: $border; }
NumberMatrix QLineEdit { min-height: 0; max-height: 1000px; border-radius: 0; padding: 0; border-color: $accent; }
QSpinBox[role="quiet"]:hover, QSpinBox[role="quiet"]:focus { border-color: $border; }
QSpinBox::up-button, QDoubleSpinBox::up-button { border: none; width: 24px; subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { border: none; width: 24px; subcontrol-position: bottom right; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$icons/arrow-up.svg"); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$icons/arrow-down.svg"); width: 10px; height: 10px; }

QPushButton {
    background: $field; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 0 16px; min-height: 32px; font-weight: bold;
}
QPushButton:hover { background: $hover; border-color: $muted; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $muted; background: $hover; border-color: $border; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $track; color: $muted; border-color: $track; }
QPushButton[role="danger"] { color: $danger; }
QPushButton[role="danger"]:disabled { color: $muted; }
QPushButton[role="link"], QPushButton[role="quiet"] {
    background: transparent; border: 1px solid transparent; color: $accent; font-weight: normal;
    padding: 0 4px; min-height: 22px; border-radius: 4px; text-align: left;
}
QPushButton[role="quiet"] { color: $muted; }
QPushButton[role="link"]:hover, QPushButton[role="quiet"]:hover { background: $accent_soft; }
QPushButton[role="link"]:focus, QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="link"]:disabled { color: $muted; }
QPushButton[role="toggle"] {
    background: transparent; border: 1px solid $border; color: $muted; font-size: ${small}px; font-weight: normal;
    padding: 0 6px; min-height: 18px; border-radius: 4px;
}
QPushButton[role="toggle"]:hover { background: $accent_soft; }
QPushButton[role="toggle"]:focus { border-color: $accent; }
QPushButton[role="toggle"]:checked {
    background: $accent_soft; border-color: $accent; color: $accent; font-weight: bold;
}

QPushButton[role="segment"] {
    background: transparent; border: 1px solid $border; color: $muted; font-weight: normal;
    padding: 0 10px; min-height: 26px; border-radius: 6px;
}
QPushButton[role="segment"]:hover { background: $hover; }
QPushButton[role="segment"]:focus { border-color: $accent; }
QPushButton[role="segment"]:checked {
    background: $accent_soft; border-color: $accent; color: $accent;
}

QPushButton[place="caption"] { min-height: 0; font-size: ${small}px; padding: 0 2px; border: none; }
QPushButton[place="figure"] { min-height: 0; padding: 0; border: none; font-weight: bold; }
QPushButton[place="figure"]:focus { text-decoration: underline; }
QPushButton[place="caption"]:focus { text-decoration: underline; }
QPushButton[role="section"] {
    background: transparent; border: 1px solid transparent; border-top: 1px solid $border; border-radius: 0;
    padding: 0 0 0 22px; min-height: 36px; text-align: left;
}
QPushButton[role="section"]:hover { color: $accent; }
QPushButton[role="section"]:focus { border-color: $accent; border-radius: 4px; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: $accent_soft; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }

QTabBar { background: transparent; font-weight: bold; }
QTabBar::tab {
    background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
    padding: 8px 4px 6px 4px; margin: 0 20px 0 4px;
}
#inspectTabs::tab { margin-right: 10px; }
#inspectTabs::tab, #layerFaces::tab { margin: 0 12px 0 0; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent; border-bottom-color: $accent; }
QTabBar::tab:focus { border-bottom-color: $text; }

QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $muted; border-radius: 4px; background: $field; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$icons/tick-$tick.svg"); }
QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox:disabled { color: $muted; }
QRadioButton { spacing: 8px; font-weight: bold; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $muted; border-radius: 8px; background: $field; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; }
QRadioButton::indicator:focus { border-color: $accent; }
QRadioButton:disabled { color: $muted; }

QProgressBar { background: $track; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { background: $track; height: 6px; border-radius: 3px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 3px; }
QSlider::handle:horizontal { background: $accent; width: 16px; margin: -5px 0; border-radius: 8px; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 12px; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $muted; }

QAbstractItemView { background: transparent; border: none; outline: 0; selection-background-color: $accent_soft;
    selection-color: $text; }
QAbstractItemView::item:selected { background: $accent_soft; color: $accent; }
ClassBars { selection-background-color: transparent; }
ClassBars::item:selected { background: transparent; }
QTableCornerButton::section { background: transparent; border: none; }
#runNotes { padding: 4px; }
#comparisonTable::item, #classTable::item, #skippedTable::item { padding: 0 8px; }
#mapLegend::item { padding: 2px 0; }
#mapLegend::indicator { width: 14px; height: 14px; border: 1px solid $muted; border-radius: 4px; background: $field; }
#mapLegend::indicator:checked { background: $accent; border-color: $accent; image: url("$icons/tick-$tick.svg"); }
#evaluationClasses::item, #curvesTable::item { padding: 0 8px; }
#classTable QHeaderView::section, #skippedTable QHeaderView::section { padding: 4px 11px; }
#evaluationClasses QHeaderView::section { padding: 4px 11px; }
#moreActions { border-color: $border; min-height: 24px; min-width: 26px; }
#moreActions::menu-indicator { image: none; }
QHeaderView::section { background: transparent; color: $muted; border: none; padding: 4px 8px; }
QPlainTextEdit, QTextEdit { background: $field; border: 1px solid $border; border-radius: 6px; }
#designCode, #designCode::corner { background: transparent; border: none; }
Sentence, Sentence:focus { background: transparent; border: none; padding: 0; color: $muted; font-size: ${small}px; }
Sentence[role="error"] { color: $danger; }
Sentence[role="strong"] { color: $text; font-size: ${body}px; font-weight: bold; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $track; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

#sideBar { background: $chrome; border-right: 1px solid $border; }
Banner { border: 1px solid $danger; border-radius: 8px; background: $danger_soft; }
Banner[tone="warning"] { background: $warning_soft; border-color: $warning; }
Banner[tone="calm"] { background: $accent_soft; border-color: $accent_soft; }
""")


def stylesheet(colors: Colors, pixels: int) -> str:
    """The stylesheet in `colors`, for a body font `pixels` tall."""
    values = {name: value for name, value in vars(colors).items() if isinstance(value, str)}
    return _SHEET.substitute(
        values,
        small=pixels - 1,
        body=pixels,
        large=pixels + 1,
        huge=pixels + 7,
        icons=(resources() / "icons").as_posix(),
        tick="dark" if colors.is_dark else "light",
    )
