"""The patrol in five steps: see what, how often, who flies, check, upload. Every answer is a step that can be undone."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from groundstation.console import theme
from groundstation.console.planner import choices, edits
from groundstation.console.planner.document import OFTEN_OF, Kind, Patrol, See
from groundstation.console.planner.evaluate import Outcome
from groundstation.console.planner.session import PlannerSession
from groundstation.console.planner.upload import UploadPage
from missions.performance import KNOWN

_TARGET_KINDS: dict[See, Kind] = {"area": "polygon", "line": "line", "point": "point"}


def minutes(seconds: float) -> str:
    """``25 min``, ``1 h 05 min``."""
    whole = round(seconds / 60.0)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02d} min"


class Wizard(QWidget):
    """``draw_target`` (kind): the operator wants to draw what is to be seen; ``draw_keep_out``: where nothing flies."""

    draw_target = pyqtSignal(str)
    draw_keep_out = pyqtSignal()

    def __init__(self, session: PlannerSession, upload: UploadPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._filling = False
        self.upload = upload
        self.stack = QStackedWidget()
        names = (
            self.tr("1 See"),
            self.tr("2 How often"),
            self.tr("3 Who flies"),
            self.tr("4 Check"),
            self.tr("5 Upload"),
        )
        heads = QHBoxLayout()
        self.heads: list[QPushButton] = []
        self._group = QButtonGroup(self)
        for number, name in enumerate(names):
            button = QPushButton(name)
            button.setObjectName("small")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, n=number: self.go(n))
            self._group.addButton(button, number)
            heads.addWidget(button)
            self.heads.append(button)
        for page in (self._see_page(), self._often_page(), self._who_page(), self._check_page(), upload):
            self.stack.addWidget(page)
        self.back, self.next = QPushButton(self.tr("Back")), QPushButton(self.tr("Next"))
        self.back.clicked.connect(lambda: self.go(self.stack.currentIndex() - 1))
        self.next.clicked.connect(lambda: self.go(self.stack.currentIndex() + 1))
        feet = QHBoxLayout()
        feet.addWidget(self.back)
        # Always in sight, however low the screen; not where Next was, or one click too many would send.
        feet.addWidget(upload.send)
        feet.addStretch(1)
        feet.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(heads)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.stack)
        layout.addWidget(scroll, 1)
        layout.addLayout(feet)
        session.changed.connect(self.refresh)
        session.judged.connect(self._show_check)
        theme.changed.connect(self._show_check)
        self.heads[0].setChecked(True)
        self.refresh()
        self._enable()

    # -- pages -------------------------------------------------------------------------------------------------------

    def _see_page(self) -> QWidget:
        self.see: dict[See, QRadioButton] = {}
        group = QButtonGroup(self)
        layout = QVBoxLayout()
        layout.addWidget(QLabel(self.tr("What is to be seen?")))
        for see in choices.SEE:
            button = QRadioButton(choices.see_word(see))
            button.clicked.connect(lambda _=False, s=see: self._see_chosen(s))
            group.addButton(button)
            layout.addWidget(button)
            self.see[see] = button
        self.from_m, self.to_m = self._figure(0.0, 1e6, " m", "from_m"), self._figure(0.0, 1e6, " m", "to_m")
        self.target = QComboBox()
        self.target.setAccessibleName(self.tr("Which one"))
        self.target.activated.connect(lambda _: self._ask(target=self.target.currentData()))
        self.draw = QPushButton(self.tr("Draw it on the map"))
        self.draw.clicked.connect(self._draw)
        self.length = QLabel()
        self.length.setObjectName("dim")
        self._see_form = QFormLayout()
        self._see_form.addRow(self.tr("From, along the border"), self.from_m)
        self._see_form.addRow(self.tr("To"), self.to_m)
        self._see_form.addRow(self.tr("Which one"), self.target)
        self._see_form.addRow("", self.draw)
        self._see_form.addRow("", self.length)
        layout.addLayout(self._see_form)
        self.keep_out = QPushButton(self.tr("Draw a keep-out zone"))
        self.keep_out.setObjectName("small")
        self.keep_out.clicked.connect(self.draw_keep_out)
        layout.addWidget(self.keep_out, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return self._page(layout)

    def _often_page(self) -> QWidget:
        layout = QVBoxLayout()
        layout.addWidget(QLabel(self.tr("How often is it to be seen?")))
        group = QButtonGroup(self)
        self.often: dict[str, QRadioButton] = {}
        for often in choices.OFTEN:
            button = QRadioButton(choices.often_word(often))
            button.clicked.connect(lambda _=False, o=often: self._often_chosen(o))
            group.addButton(button)
            layout.addWidget(button)
            self.often[often] = button
        self.gap_min = self._figure(0.5, 10_080.0, " min", "gap_min")
        self.hours = self._figure(0.1, 168.0, " h", "hours")
        self.way = QComboBox()
        for way in choices.WAYS:
            self.way.addItem(choices.way_word(way), way)
        self.way.activated.connect(lambda _: self._ask(way=self.way.currentData()))
        self.radius_m = self._figure(10.0, 5000.0, " m", "radius_m")
        self.hold_min = self._figure(0.1, 600.0, " min", "hold_min")
        self.start = QLineEdit()
        self.start.setPlaceholderText(self.tr("now; or 20:30 (UTC)"))
        self.start.editingFinished.connect(lambda: self._ask(start=self.start.text().strip()))
        self._often_form = QFormLayout()
        for label, field in (
            (self.tr("Every"), self.gap_min),
            (self.tr("Watch lasts"), self.hours),
            (self.tr("How"), self.way),
            (self.tr("Radius"), self.radius_m),
            (self.tr("Stand for"), self.hold_min),
            (self.tr("Take-off"), self.start),
        ):
            field.setAccessibleName(label)
            self._often_form.addRow(label, field)
        layout.addLayout(self._often_form)
        layout.addStretch(1)
        return self._page(layout)

    def _who_page(self) -> QWidget:
        self.aircraft = QComboBox()
        for name in KNOWN:
            self.aircraft.addItem(name.replace("_", " "), name)
        self.aircraft.activated.connect(lambda _: self._ask(aircraft=self.aircraft.currentData()))
        self.other = QPushButton(self.tr("Figures from a file ..."))
        self.other.setObjectName("small")
        self.other.clicked.connect(self._aircraft_file)
        self.performance = QLabel()
        self.performance.setObjectName("dim")
        self.performance.setWordWrap(True)
        self.count = QSpinBox()
        self.count.setRange(1, 100)
        self.count.setKeyboardTracking(False)
        self.count.valueChanged.connect(lambda v: self._ask(count=v))
        self.launch = QComboBox()
        self.launch.activated.connect(lambda _: self._ask(launch=self.launch.currentData()))
        self.height = self._figure(10.0, 1000.0, " m", "height_agl_m")
        self.standoff = self._figure(5.0, 2000.0, " m", "standoff_m")
        self.offset = self._figure(-5000.0, 5000.0, " m", "offset_m")
        self.wind_from = self._figure(0.0, 360.0, "°", "wind_from_deg")
        self.wind = self._figure(0.0, 60.0, " m/s", "wind_m_s")
        self._who_form = QFormLayout()
        for label, field in (
            (self.tr("Aircraft"), self.aircraft),
            ("", self.other),
            ("", self.performance),
            (self.tr("How many"), self.count),
            (self.tr("Takes off at"), self.launch),
            (self.tr("Height above ground"), self.height),
            (self.tr("Distance from the border"), self.standoff),
            (self.tr("Left of the line (right: minus)"), self.offset),
            (self.tr("Wind from"), self.wind_from),
            (self.tr("Wind"), self.wind),
        ):
            field.setAccessibleName(label)
            self._who_form.addRow(label, field)
        layout = QVBoxLayout()
        layout.addWidget(QLabel(self.tr("Who flies, and how?")))
        layout.addLayout(self._who_form)
        layout.addStretch(1)
        return self._page(layout)

    def _check_page(self) -> QWidget:
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.figures = QLabel()
        self.figures.setWordWrap(True)
        hint = QLabel(self.tr("Every finding stands below; a click on one takes the map there."))
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        layout = QVBoxLayout()
        for each in (self.verdict, self.figures, hint):
            layout.addWidget(each)
        layout.addStretch(1)
        return self._page(layout)

    def _page(self, layout: QVBoxLayout) -> QWidget:
        page = QWidget()
        layout.setContentsMargins(4, 6, 4, 2)
        page.setLayout(layout)
        return page

    def _figure(self, low: float, high: float, unit: str, key: str) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(low, high)
        field.setDecimals(1)
        field.setSuffix(unit)
        field.setKeyboardTracking(False)
        field.valueChanged.connect(lambda v: self._ask(**{key: v}))
        return field

    # -- going through -----------------------------------------------------------------------------------------------

    def go(self, page: int) -> None:
        """Show a page; leaving the first one asks for the patrol that stands there."""
        page = max(0, min(page, self.stack.count() - 1))
        if page > 0 and self._session.document.patrol is None and self._session.document.fixed is None:
            self._session.do(self.tr("Ask for a patrol"), edits.ask)
        self.stack.setCurrentIndex(page)
        self.heads[page].setChecked(True)
        self._enable()

    def _enable(self) -> None:
        page = self.stack.currentIndex()
        self.back.setEnabled(page > 0)
        self.next.setVisible(page < self.stack.count() - 1)
        self.upload.send.setVisible(page == self.stack.count() - 1)

    def _ask(self, **values: Any) -> None:
        if self._filling:
            return
        patrol = self._session.document.patrol or Patrol()
        if self._session.document.patrol is not None and all(getattr(patrol, k) == v for k, v in values.items()):
            return
        # The arrows of one figure held down are one step; every other answer is its own.
        figure = len(values) == 1 and all(isinstance(v, float) for v in values.values())
        key = ("ask", *values) if figure else None
        self._session.do(self.tr("Change the patrol"), lambda d: edits.ask(d, **values), key)

    def _see_chosen(self, see: See) -> None:
        patrol = self._session.document.patrol or Patrol()
        values: dict[str, Any] = {"see": see}
        if patrol.often not in OFTEN_OF[see]:
            values["often"] = OFTEN_OF[see][0]
        if see in _TARGET_KINDS:
            fitting = [s.ident for s in self._session.document.of_role("target") if s.kind == _TARGET_KINDS[see]]
            chosen = self._session.selected
            if chosen is not None and chosen.ident in fitting:
                values["target"] = chosen.ident
            elif patrol.target in fitting:
                values["target"] = patrol.target
            else:
                values["target"] = fitting[-1] if fitting else None
        if values.get("often", patrol.often) != "within":
            values["count"] = 1
        self._ask(**values)
        if see in _TARGET_KINDS and values["target"] is None:
            self._draw()  # nothing to choose among: it has to be drawn

    def _often_chosen(self, often: str) -> None:
        self._ask(often=often, **({} if often == "within" else {"count": 1}))

    def _draw(self) -> None:
        patrol = self._session.document.patrol
        if patrol is not None and patrol.see in _TARGET_KINDS:
            self.draw_target.emit(_TARGET_KINDS[patrol.see])

    def on_drawn(self, ident: int) -> None:
        """A shape was drawn: if it is what the patrol waits for, it is that."""
        patrol, shape = self._session.document.patrol, self._session.document.find(ident)
        if patrol is None or shape is None or shape.role != "target":
            return
        if _TARGET_KINDS.get(patrol.see) == shape.kind:
            self._ask(target=ident)

    def _aircraft_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Figures of an aircraft"), "", "TOML (*.toml)")
        if path:
            self._ask(aircraft=path)

    # -- showing -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the document asks for."""
        self._filling = True
        try:
            self._fill(self._session.document.patrol or Patrol())
        finally:
            self._filling = False
        self._show_check()

    def _fill(self, p: Patrol) -> None:
        document = self._session.document
        self.see[p.see].setChecked(True)
        for see, button in self.see.items():
            button.setEnabled(see in _TARGET_KINDS or any(True for _ in document.of_role("border")))
        for field, value in (
            (self.from_m, p.from_m), (self.to_m, p.to_m), (self.gap_min, p.gap_min), (self.hours, p.hours),
            (self.radius_m, p.radius_m), (self.hold_min, p.hold_min), (self.height, p.height_agl_m),
            (self.standoff, p.standoff_m), (self.offset, p.offset_m), (self.wind_from, p.wind_from_deg),
            (self.wind, p.wind_m_s),
        ):  # fmt: skip
            if field.value() != value:
                field.setValue(value)
        stretch, aimed = p.see == "stretch", p.see in _TARGET_KINDS
        form = self._see_form
        for field, shown in ((self.from_m, stretch), (self.to_m, stretch), (self.target, aimed), (self.draw, aimed)):
            form.setRowVisible(field, shown)
        self.target.clear()
        kind = _TARGET_KINDS.get(p.see)
        for shape in document.of_role("target"):
            if shape.kind == kind:
                self.target.addItem(shape.name, shape.ident)
        if p.target is None or self.target.findData(p.target) < 0:
            self.target.insertItem(0, self.tr("none yet"), None)
            self.target.setCurrentIndex(0)
        else:
            self.target.setCurrentIndex(self.target.findData(p.target))
        for often, button in self.often.items():
            button.setVisible(often in OFTEN_OF[p.see])
            button.setChecked(often == p.often)
        point = p.see == "point"
        for field, shown in (
            (self.gap_min, p.often in ("within", "random")), (self.hours, p.often == "within"), (self.way, point),
            (self.radius_m, point and p.way != "search"), (self.hold_min, point and p.way == "stand"),
        ):  # fmt: skip
            self._often_form.setRowVisible(field, shown)
        self.way.setCurrentIndex(self.way.findData(p.way))
        if self.start.text() != p.start and not self.start.hasFocus():
            self.start.setText(p.start)
        self._fill_who(p)

    def _fill_who(self, p: Patrol) -> None:
        if self.aircraft.findData(p.aircraft) < 0:
            self.aircraft.addItem(p.aircraft, p.aircraft)
        self.aircraft.setCurrentIndex(self.aircraft.findData(p.aircraft))
        known = KNOWN.get(p.aircraft)
        self.performance.setText(
            ""
            if known is None
            else self.tr("{speed} m/s, {time} in the air, wind up to {wind} m/s").format(
                speed=f"{known.speed_m_s:g}", time=minutes(known.endurance_s), wind=f"{known.wind_max_m_s:g}"
            )
        )
        self._who_form.setRowVisible(self.count, p.often == "within")
        if self.count.value() != p.count:
            self.count.setValue(p.count)
        launches = [s.name for s in self._session.document.of_role("launch")]
        self._who_form.setRowVisible(self.launch, len(launches) > 1)
        self.launch.clear()
        self.launch.addItem(self.tr("the first, or whichever is best"), "")
        for name in launches:
            self.launch.addItem(name, name)
        if p.launch and p.launch not in launches:
            self.launch.addItem(p.launch, p.launch)
        self.launch.setCurrentIndex(max(0, self.launch.findData(p.launch)))
        along = p.see in ("border", "stretch")
        self._who_form.setRowVisible(self.standoff, along)
        self._who_form.setRowVisible(self.offset, p.see == "line")

    def _show_check(self) -> None:
        done = self._session.evaluation
        if done is None:
            self._say("off", self.tr("Checking ..."))
            self.figures.setText("")
            return
        if done.border_length_m is not None:
            self.length.setText(self.tr("The border is {m} m long").format(m=f"{done.border_length_m:.0f}"))
        else:
            self.length.setText("")
        errors = done.errors()
        if errors:
            self._say("alarm", self.tr("Not to be flown: {first}").format(first=errors[0].text))
        elif done.plans:
            self._say("ok", self.tr("Ready to be uploaded: no errors"))
        else:
            self._say("off", self.tr("No patrol is asked for yet"))
        self.figures.setText("\n".join(self._of_plan(p) for p in done.plans))

    def _say(self, state: str, text: str) -> None:
        self.verdict.setText(text)
        self.verdict.setStyleSheet(f"color: {theme.state_colour(state)}; font-weight: 700;")

    def _of_plan(self, outcome: Outcome) -> str:
        parts = [outcome.plan.name]
        time = outcome.time
        if time is not None:
            parts += [
                self.tr("{km} km").format(km=f"{time.distance_m / 1000.0:.1f}"),
                minutes(time.airborne_s),
                self.tr("battery left {p} %").format(p=f"{100.0 * time.battery_left:.0f}"),
            ]
        if outcome.made is not None and outcome.made.laps > 1:
            parts.append(self.tr("{n} rounds").format(n=outcome.made.laps))
        if outcome.made is not None and not outcome.made.promise.known:
            parts.append(self.tr("how long a place is out of sight: being worked out"))
        elif outcome.gap_max_s is not None:
            parts.append(self.tr("out of sight at most {s} s").format(s=f"{outcome.gap_max_s:.0f}"))
        return " · ".join(parts)
