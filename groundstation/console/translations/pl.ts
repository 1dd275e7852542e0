<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pl" sourcelanguage="en">
 <context>
  <name>AircraftStrip</name>
  <message>
   <location filename="../flight/strip.py" />
   <source>Aircraft</source>
   <translation>Statek powietrzny</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Battery</source>
   <translation>Bateria</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Camera</source>
   <translation>Kamera</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Faults, and what to do</source>
   <translation>Usterki i co robić</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Fence</source>
   <translation>Ogrodzenie</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Flight</source>
   <translation>Lot</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Link</source>
   <translation>Łącze</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>No aircraft is heard yet.</source>
   <translation>Nie słychać jeszcze żadnego statku powietrznego.</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Position</source>
   <translation>Pozycja</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Show this aircraft; orders go to it (Alt+{number})</source>
   <translation>Pokaż ten statek; rozkazy idą do niego (Alt+{number})</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Traffic</source>
   <translation>Ruch</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>free</source>
   <translation>wolna</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>not known</source>
   <translation>nieznane</translation>
  </message>
 </context>
 <context>
  <name>AlertDetail</name>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Acknowledge  Ctrl+K</source>
   <translation>Potwierdź  Ctrl+K</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Add note</source>
   <translation>Dodaj notatkę</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Clip</source>
   <translation>Nagranie</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Hand to the neighbour</source>
   <translation>Przekaż sąsiadowi</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Incident report as HTML and PDF</source>
   <translation>Raport ze zdarzenia w HTML i PDF</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>No alert is chosen.</source>
   <translation>Nie wybrano alarmu.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Note</source>
   <translation>Notatka</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Report</source>
   <translation>Raport</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Show on map</source>
   <translation>Pokaż na mapie</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>There is no clip yet, or none was written.</source>
   <translation>Nie ma jeszcze nagrania albo go nie zapisano.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Told by the neighbour {peer}</source>
   <translation>Zgłoszone przez sąsiada {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>eskalowano: nikt nie potwierdził</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>handed to {peer} by {name}</source>
   <translation>przekazano do {peer}, {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{time} acknowledged by {name}</source>
   <translation>{time} potwierdził(a) {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{verdict}, says {name}</source>
   <translation>{verdict}, wg {name}</translation>
  </message>
 </context>
 <context>
  <name>AlertsView</name>
  <message>
   <location filename="../alerts/view.py" />
   <source>Alerts</source>
   <translation>Alarmy</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>No program opens the clip: {file}</source>
   <translation>Żaden program nie otwiera nagrania: {file}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>Nobody has acknowledged: {alert}</source>
   <translation>Nikt nie potwierdził: {alert}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The clip {file} is not there any more.</source>
   <translation>Nagrania {file} już nie ma.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The station did not hand over its alerts.</source>
   <translation>Stacja nie udostępniła alarmów.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>none waiting</source>
   <translation>żaden nie czeka</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>nothing new above</source>
   <translation>nic nowego powyżej</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} alerts wait   {first}</source>
   <translation>czekające alarmy: {count}   {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} new: {first}</source>
   <translation>nowe {count}: {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} waiting</source>
   <translation>czeka {count}</translation>
  </message>
 </context>
 <context>
  <name>CameraPanel</name>
  <message>
   <location filename="../flight/camera.py" />
   <source>Ahead</source>
   <translation>Na wprost</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Along the border</source>
   <translation>Wzdłuż granicy</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Another station is in control: {name}.</source>
   <translation>Steruje inna stacja: {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Closer</source>
   <translation>Bliżej</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Drag, or arrow keys, to turn the camera; the wheel zooms</source>
   <translation>Przeciąganie lub strzałki obracają kamerę; kółko zmienia zoom</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Held by {name}.</source>
   <translation>Trzyma ją {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look at the selected track, or at the place that was last asked for on the map</source>
   <translation>Patrz na wybrany ślad lub na miejsce ostatnio wskazane na mapie</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look here</source>
   <translation>Patrz tutaj</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Looks {azimuth} from north, {elevation} up</source>
   <translation>Patrzy {azimuth} od północy, {elevation} w górę</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Nobody holds it.</source>
   <translation>Nikt jej nie trzyma.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Release</source>
   <translation>Zwolnij</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take the camera</source>
   <translation>Przejmij kamerę</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take…</source>
   <translation>Przejmij…</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>The aircraft is not heard: where the camera looks is not known.</source>
   <translation>Statku nie słychać: nie wiadomo, gdzie patrzy kamera.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>Tę konsolę otwarto bez łącza do statku powietrznego.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Told to look at: {place}</source>
   <translation>Kazano patrzeć na: {place}</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Who holds it is not known.</source>
   <translation>Nie wiadomo, kto ją trzyma.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Wider</source>
   <translation>Szerzej</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>You hold it.</source>
   <translation>Ty ją trzymasz.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>no aircraft</source>
   <translation>brak statku</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} asks for it: use it to keep it.</source>
   <translation>{name} o nią prosi: użyj jej, aby ją zachować.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} holds it. Why is it taken?</source>
   <translation>{name} ją trzyma. Dlaczego ją przejmujesz?</translation>
  </message>
 </context>
 <context>
  <name>CheckList</name>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>({time} late)</source>
   <translation>({time} spóźnienia)</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>LATE {time}</source>
   <translation>SPÓŹNIONE {time}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>No procedure is written for this kind of alert.</source>
   <translation>Dla tego rodzaju alarmu nie ma procedury.</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>saving …</source>
   <translation>zapisywanie …</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} by {name}</source>
   <translation>{time}, {name}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} left</source>
   <translation>pozostało {time}</translation>
  </message>
 </context>
 <context>
  <name>ChecklistPanel</name>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start</source>
   <translation>Można startować</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start, {count} warnings</source>
   <translation>Można startować, ostrzeżenia: {count}</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>No start: {failed} failed, {unknown} not seen</source>
   <translation>Bez startu: niezaliczone {failed}, niewidziane {unknown}</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>OLD: read it again</source>
   <translation>STARA: odczytaj ponownie</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Read the list</source>
   <translation>Odczytaj listę</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Reading from the aircraft …</source>
   <translation>Odczyt ze statku powietrznego …</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>The list has not been read.</source>
   <translation>Listy nie odczytano.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>Tę konsolę otwarto bez łącza do statku powietrznego.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>read {age} ago</source>
   <translation>odczytano {age} temu</translation>
  </message>
 </context>
 <context>
  <name>CircleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Radius {m} m</source>
   <translation>Promień {m} m</translation>
  </message>
 </context>
 <context>
  <name>ComparePage</name>
  <message>
   <location filename="../planner/compare.py" />
   <source> - OLD: it may have been sent another plan since, read it again</source>
   <translation> – STARE: od tego czasu mógł zostać wysłany inny plan, odczytaj ponownie</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft</source>
   <translation>Statek powietrzny</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft {n}</source>
   <translation>Statek powietrzny {n}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Differences</source>
   <translation>Różnice</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>It could not be read: {why}</source>
   <translation>Nie udało się odczytać: {why}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No aircraft was heard yet</source>
   <translation>Nie usłyszano jeszcze statku powietrznego</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No link to this aircraft</source>
   <translation>Brak łączności z tym statkiem powietrznym</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Not read yet</source>
   <translation>Jeszcze nie odczytano</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read at {t}, {age} s ago</source>
   <translation>Odczytano o {t}, {age} s temu</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read what it holds</source>
   <translation>Odczytaj zawartość</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Reading aircraft {n} ...</source>
   <translation>Odczyt statku powietrznego {n} ...</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>The aircraft holds exactly this plan: mission, fence and rally points</source>
   <translation>Statek powietrzny ma dokładnie ten plan: misję, ogrodzenie i punkty zbiórki</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>There is no plan here to compare with; the aircraft holds {what}</source>
   <translation>Nie ma tu planu do porównania; statek powietrzny ma {what}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>This station does not read plans back for its console</source>
   <translation>Ta stacja nie odczytuje planów dla swojej konsoli</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Czekaj: plan jest sprawdzany</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>given up</source>
   <translation>zaniechano</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>{n} differences</source>
   <translation>Różnice: {n}</translation>
  </message>
 </context>
 <context>
  <name>ConsoleWindow</name>
  <message>
   <location filename="../window.py" />
   <source>A screen is gone; back in the window: {names}</source>
   <translation>Ekran odłączony; z powrotem w oknie: {names}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Age map (C)</source>
   <translation>Mapa wieku (C)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft</source>
   <translation>Statek powietrzny</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft (F)</source>
   <translation>Statek powietrzny (F)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Map</source>
   <translation>Mapa</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Patrol (P)</source>
   <translation>Patrol (P)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Status</source>
   <translation>Stan</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>The language changes when the console is opened again.</source>
   <translation>Język zmieni się po ponownym otwarciu konsoli.</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>This part of the console could not be opened: {reason}</source>
   <translation>Nie udało się otworzyć tej części konsoli: {reason}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Whole area (Home)</source>
   <translation>Cały obszar (Home)</translation>
  </message>
 </context>
 <context>
  <name>ControlsPanel</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>Hold position: at once, one click or F8</source>
   <translation>Utrzymaj pozycję: natychmiast, kliknięcie lub F8</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Land here</source>
   <translation>Ląduj tutaj</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}</source>
   <translation>Rozkazy dla {name}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}: not heard for {age}</source>
   <translation>Rozkazy dla {name}: nie słychać od {age}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Pause</source>
   <translation>Wstrzymaj</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Resume</source>
   <translation>Wznów</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Return</source>
   <translation>Powrót</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start against the list…</source>
   <translation>Start wbrew liście…</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Upload</source>
   <translation>Wyślij</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>was: {state}</source>
   <translation>było: {state}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{mission} mission, {fence} fence items</source>
   <translation>punkty misji: {mission}, ogrodzenia: {fence}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{order}: waiting for the aircraft</source>
   <translation>{order}: oczekiwanie na statek</translation>
  </message>
 </context>
 <context>
  <name>DebugPage</name>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>A second</source>
   <translation>Na sekundę</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Age</source>
   <translation>Wiek</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Last value</source>
   <translation>Ostatnia wartość</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Records</source>
   <translation>Rekordy</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>STALE</source>
   <translation>NIEAKTUALNE</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>State</source>
   <translation>Stan</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Topic</source>
   <translation>Temat</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>live</source>
   <translation>na żywo</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>never</source>
   <translation>nigdy</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>{topics} topics, {silent} never heard</source>
   <translation>tematy: {topics}, nigdy niesłyszane: {silent}</translation>
  </message>
 </context>
 <context>
  <name>DrawPage</name>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Change</source>
   <translation>Zmień</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Delete</source>
   <translation>Usuń</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Hole</source>
   <translation>Otwór</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Merge</source>
   <translation>Połącz</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Snap to corners and edges (hold Ctrl: not now)</source>
   <translation>Przyciągaj do wierzchołków i krawędzi (z Ctrl: nie teraz)</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Split</source>
   <translation>Podziel</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Staying in any one flight area is enough</source>
   <translation>Wystarczy pozostać w jednym z obszarów lotu</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What is drawn</source>
   <translation>Co narysowano</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What to draw</source>
   <translation>Co rysować</translation>
  </message>
 </context>
 <context>
  <name>DrawTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>left side</source>
   <translation>lewa strona</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>right side</source>
   <translation>prawa strona</translation>
  </message>
 </context>
 <context>
  <name>EditTool</name>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Change the radius</source>
   <translation>Zmień promień</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move corner</source>
   <translation>Przesuń wierzchołek</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move shape</source>
   <translation>Przesuń kształt</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>New corner</source>
   <translation>Nowy wierzchołek</translation>
  </message>
 </context>
 <context>
  <name>FileDialogs</name>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>A plan, to be checked and sent as it stands</source>
   <translation>Plan, do sprawdzenia i wysłania bez zmian</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the drawing</source>
   <translation>Eksportuj rysunek</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the plan</source>
   <translation>Eksportuj plan</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Go on?</source>
   <translation>Kontynuować?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import</source>
   <translation>Importuj</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import a file</source>
   <translation>Importuj plik</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import {file}</source>
   <translation>Importuj {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Maps</source>
   <translation>Mapy</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not saved</source>
   <translation>Niezapisane</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not taken in</source>
   <translation>Niepobrane</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Open a patrol</source>
   <translation>Otwórz patrol</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Opened {file}</source>
   <translation>Otwarto {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Patrols</source>
   <translation>Patrole</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans</source>
   <translation>Plany</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans and maps</source>
   <translation>Plany i mapy</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Save the patrol</source>
   <translation>Zapisz patrol</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Saved as {file}</source>
   <translation>Zapisano jako {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Shapes, for the drawing</source>
   <translation>Kształty, do rysunku</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The drawing {name!r} is not saved. Save it?</source>
   <translation>Rysunek {name!r} nie jest zapisany. Zapisać?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The file cannot hold</source>
   <translation>Plik nie może zawierać</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>There is no plan yet</source>
   <translation>Nie ma jeszcze planu</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Czekaj: plan jest sprawdzany</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>What is {file} to be?</source>
   <translation>Czym ma być {file}?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Written: {files}</source>
   <translation>Zapisano: {files}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>leave them out</source>
   <translation>pomiń je</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>{n} shapes do not say what they are. They are:</source>
   <translation>Kształty bez określonej roli: {n}. Są to:</translation>
  </message>
 </context>
 <context>
  <name>FindingsList</name>
  <message>
   <location filename="../planner/findings.py" />
   <source> (plan {n})</source>
   <translation> (plan {n})</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>... and {n} more</source>
   <translation>... i jeszcze {n}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checked: no errors. Warnings: {m}</source>
   <translation>Sprawdzono: brak błędów. Ostrzeżenia: {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checking ...</source>
   <translation>Sprawdzanie ...</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>ERROR</source>
   <translation>BŁĄD</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Errors that forbid an upload: {n}. Warnings: {m}</source>
   <translation>Błędy zabraniające wysłania: {n}. Ostrzeżenia: {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Findings</source>
   <translation>Uwagi</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Note</source>
   <translation>Notatka</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Nothing is drawn yet</source>
   <translation>Nic jeszcze nie narysowano</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Repair (Shift+R)</source>
   <translation>Napraw (Shift+R)</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>The drawing has no errors. No patrol is asked for yet</source>
   <translation>Rysunek nie ma błędów. Nie zlecono jeszcze patrolu</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Warning</source>
   <translation>Ostrzeżenie</translation>
  </message>
 </context>
 <context>
  <name>FlightDisplay</name>
  <message>
   <location filename="../flight/display.py" />
   <source>NOT LIVE, heard {age} ago</source>
   <translation>NIEAKTUALNE, słyszany {age} temu</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>armed</source>
   <translation>uzbrojony</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>disarmed</source>
   <translation>rozbrojony</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>item {number} of {total}</source>
   <translation>punkt {number} z {total}</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>kt over ground</source>
   <translation>kt nad ziemią</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>m/s over ground</source>
   <translation>m/s nad ziemią</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no aircraft</source>
   <translation>brak statku</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no attitude</source>
   <translation>brak orientacji</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind not told</source>
   <translation>wiatr niepodany</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind {value} {unit}
from {direction}°</source>
   <translation>wiatr {value} {unit}
z {direction}°</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{unit} above home</source>
   <translation>{unit} nad startem</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{value} {unit} AMSL</source>
   <translation>{value} {unit} n.p.m.</translation>
  </message>
 </context>
 <context>
  <name>GoToDialog</name>
  <message>
   <location filename="../map/goto.py" />
   <source>Degrees, degrees and minutes, UTM or MGRS:</source>
   <translation>Stopnie, stopnie i minuty, UTM lub MGRS:</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go</source>
   <translation>Idź</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go to coordinate</source>
   <translation>Idź do współrzędnej</translation>
  </message>
 </context>
 <context>
  <name>GroupPanel</name>
  <message>
   <location filename="../flight/group.py" />
   <source>Confirm</source>
   <translation>Potwierdź</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Prepare</source>
   <translation>Przygotuj</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>The order lapsed: nothing was sent.</source>
   <translation>Rozkaz wygasł: nic nie wysłano.</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Waiting for the aircraft …</source>
   <translation>Oczekiwanie na statek …</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>not heard</source>
   <translation>nie słychać</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>{order} for {names}: hold Confirm within {seconds} s</source>
   <translation>{order} dla {names}: przytrzymaj Potwierdź w ciągu {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>GuidePanel</name>
  <message>
   <location filename="../craft/guide.py" />
   <source>I know my way now</source>
   <translation>Już sobie poradzę</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Show: {panel}</source>
   <translation>Pokaż: {panel}</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>That was a whole patrol.</source>
   <translation>To był cały patrol.</translation>
  </message>
 </context>
 <context>
  <name>HoldButton</name>
  <message>
   <location filename="../panels/common.py" />
   <source>Hold it for {seconds} s</source>
   <translation>Przytrzymaj {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>HoleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that gets the hole first</source>
   <translation>Najpierw wybierz kształt, który dostanie otwór</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Cut a hole</source>
   <translation>Wytnij otwór</translation>
  </message>
 </context>
 <context>
  <name>JoystickReader</name>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>; moved last: {what}</source>
   <translation>; ostatnio poruszono: {what}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}</source>
   <translation>Drążek {name}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}: hold button {n}</source>
   <translation>Drążek {name}: trzymaj przycisk {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>No joystick is plugged in.</source>
   <translation>Nie podłączono drążka.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>The joystick is gone: the camera was stopped.</source>
   <translation>Drążek odłączony: kamera została zatrzymana.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>axis {n}</source>
   <translation>oś {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>button {n}</source>
   <translation>przycisk {n}</translation>
  </message>
 </context>
 <context>
  <name>JoystickRows</name>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis to the sides</source>
   <translation>Drążek: oś na boki</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis up and down</source>
   <translation>Drążek: oś w górę i w dół</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: button that is held meanwhile</source>
   <translation>Drążek: przycisk trzymany podczas ruchu</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: still zone in the middle</source>
   <translation>Drążek: strefa martwa pośrodku</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Pushed forward it looks up</source>
   <translation>Pchnięty do przodu: kamera patrzy w górę</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>The joystick turns the camera</source>
   <translation>Drążek obraca kamerę</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>none: as soon as it is moved</source>
   <translation>żaden: od razu po poruszeniu</translation>
  </message>
 </context>
 <context>
  <name>KeysPage</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Command</source>
   <translation>Polecenie</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Key</source>
   <translation>Klawisz</translation>
  </message>
 </context>
 <context>
  <name>Lamp</name>
  <message>
   <location filename="../panels/common.py" />
   <source>no data</source>
   <translation>brak danych</translation>
  </message>
 </context>
 <context>
  <name>Legend</name>
  <message>
   <location filename="../map/legend.py" />
   <source>Layers (L)</source>
   <translation>Warstwy (L)</translation>
  </message>
  <message>
   <location filename="../map/legend.py" />
   <source>{n} not live</source>
   <translation>nieaktualne: {n}</translation>
  </message>
 </context>
 <context>
  <name>MapBar</name>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file</source>
   <translation>Dodaj plik mapy</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file …</source>
   <translation>Dodaj plik mapy …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Address with {z}, {x} and {y}; empty for none. Every tile is kept on this machine.</source>
   <translation>Adres z {z}, {x} i {y}; pusty oznacza brak. Każdy kafelek zostaje na tym komputerze.</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Background</source>
   <translation>Tło</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Coordinates</source>
   <translation>Współrzędne</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Follow (Shift+F)</source>
   <translation>Śledź (Shift+F)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Go to (G)</source>
   <translation>Idź do (G)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep this place</source>
   <translation>Zachowaj to miejsce</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep what is shown now …</source>
   <translation>Zachowaj obecny widok …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>MGRS</source>
   <translation>MGRS</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Maps</source>
   <translation>Mapy</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Measure (M)</source>
   <translation>Pomiar (M)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Name:</source>
   <translation>Nazwa:</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Places</source>
   <translation>Miejsca</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Remove</source>
   <translation>Usuń</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server</source>
   <translation>Serwer kafelków</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server …</source>
   <translation>Serwer kafelków …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>UTM</source>
   <translation>UTM</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>decimal degrees</source>
   <translation>stopnie dziesiętne</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes</source>
   <translation>stopnie, minuty</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes, seconds</source>
   <translation>stopnie, minuty, sekundy</translation>
  </message>
 </context>
 <context>
  <name>MapView</name>
  <message>
   <location filename="../map/view.py" />
   <source>Centre here</source>
   <translation>Wyśrodkuj tutaj</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Choose aircraft {n}</source>
   <translation>Wybierz statek {n}</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Copy {place}</source>
   <translation>Kopiuj {place}</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>The map follows the aircraft</source>
   <translation>Mapa śledzi statek</translation>
  </message>
 </context>
 <context>
  <name>NeighbourPanel</name>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>Nie skonfigurowano sąsiada: nic nie jest udostępniane.</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>connected</source>
   <translation>połączony</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>last receipt {age} ago</source>
   <translation>ostatnie potwierdzenie {age} temu</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not connected</source>
   <translation>niepołączony</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not known for {age}</source>
   <translation>nieznane od {age}</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>{stored} messages stored by them, {waiting} waiting, {withheld} withheld by the agreement, {received} received</source>
   <translation>zapisane u nich: {stored}, czeka: {waiting}, wstrzymane umową: {withheld}, odebrane: {received}</translation>
  </message>
 </context>
 <context>
  <name>OverrideDialog</name>
  <message>
   <location filename="../flight/override.py" />
   <source>Do not start</source>
   <translation>Nie startuj</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Reason</source>
   <translation>Powód</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send a plan that has errors</source>
   <translation>Wyślij plan z błędami</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it all the same</source>
   <translation>Wyślij mimo to</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start aircraft {name} against the list</source>
   <translation>Start statku {name} wbrew liście</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start anyway</source>
   <translation>Startuj mimo to</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The checks forbid this plan. Your name and reason are logged before anything is sent.</source>
   <translation>Kontrola zabrania tego planu. Nazwisko i powód są zapisywane przed wysłaniem czegokolwiek.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>The list has not been read.</source>
   <translation>Listy nie odczytano.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>These forbid the start:</source>
   <translation>To zabrania startu:</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Who answers for it</source>
   <translation>Kto za to odpowiada</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Why</source>
   <translation>Dlaczego</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Your name</source>
   <translation>Twoje nazwisko</translation>
  </message>
 </context>
 <context>
  <name>PairsBox</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Different</source>
   <translation>Inny</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Same</source>
   <translation>Ten sam</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>This station cannot keep a verdict on a pair.</source>
   <translation>Ta stacja nie może zapisać oceny pary.</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>kept</source>
   <translation>zapisano</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>not renewed for {age}</source>
   <translation>nieodnowione od {age}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{metres} m apart; the station says: {state}</source>
   <translation>{metres} m od siebie; stacja mówi: {state}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{name} says: {verdict}</source>
   <translation>{name} mówi: {verdict}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{theirs} of {peer} and our {ours}</source>
   <translation>{theirs} od {peer} i nasz {ours}</translation>
  </message>
 </context>
 <context>
  <name>PeriodDialog</name>
  <message>
   <location filename="../replay/period.py" />
   <source>At most {hours} hours at once.</source>
   <translation>Najwyżej {hours} godzin naraz.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Cancel</source>
   <translation>Anuluj</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>From (UTC)</source>
   <translation>Od (UTC)</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>It ends before it begins.</source>
   <translation>Kończy się, zanim się zacznie.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Replay</source>
   <translation>Odtwarzanie</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Show it</source>
   <translation>Pokaż</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>To (UTC)</source>
   <translation>Do (UTC)</translation>
  </message>
 </context>
 <context>
  <name>PictureWidget</name>
  <message>
   <location filename="../video/picture.py" />
   <source>LIVE</source>
   <translation>NA ŻYWO</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NO BOXES: last analysed {seconds} s ago</source>
   <translation>BRAK RAMEK: ostatnia analiza {seconds} s temu</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NOT LIVE   {seconds} s ago</source>
   <translation>NIE NA ŻYWO   {seconds} s temu</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>STALE PICTURE  {seconds} s</source>
   <translation>STARY OBRAZ  {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>Video {stream}</source>
   <translation>Wideo {stream}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>boxes carried on {ms} ms</source>
   <translation>ramki przesunięte o {ms} ms</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no position: the tracks of this frame have not come</source>
   <translation>brak pozycji: nie nadeszły ślady tej klatki</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no video yet</source>
   <translation>jeszcze brak wideo</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>not on the map: </source>
   <translation>nie na mapie: </translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>picture age {age}</source>
   <translation>wiek obrazu {age}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>{range} m away</source>
   <translation>{range} m stąd</translation>
  </message>
 </context>
 <context>
  <name>PlannerSession</name>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete corner</source>
   <translation>Usuń wierzchołek</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete shape</source>
   <translation>Usuń kształt</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Done again: {step}</source>
   <translation>Ponowiono: {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Draw</source>
   <translation>Rysuj</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Merge</source>
   <translation>Połącz</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Recover</source>
   <translation>Odzyskaj</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repair</source>
   <translation>Napraw</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repaired: {what}</source>
   <translation>Naprawiono: {what}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Undone: {step}</source>
   <translation>Cofnięto: {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>nothing had to be repaired</source>
   <translation>nie było nic do naprawy</translation>
  </message>
 </context>
 <context>
  <name>PlannerView</name>
  <message>
   <location filename="../planner/view.py" />
   <source>A console ended without saving</source>
   <translation>Konsola zakończyła się bez zapisu</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Aircraft holds</source>
   <translation>W statku powietrznym</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change</source>
   <translation>Zmień</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change the limits</source>
   <translation>Zmień ograniczenia</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click on the map</source>
   <translation>Kliknij mapę</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners of the hole; a double click ends</source>
   <translation>Klikaj wierzchołki otworu; podwójne kliknięcie kończy</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners; a double click or Enter ends, Backspace takes one back</source>
   <translation>Klikaj wierzchołki; podwójne kliknięcie lub Enter kończy, Backspace cofa jeden</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Cut a hole</source>
   <translation>Wytnij otwór</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw</source>
   <translation>Rysuj</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a circle</source>
   <translation>Rysuj okrąg</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a corridor</source>
   <translation>Rysuj korytarz</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line</source>
   <translation>Rysuj linię</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line right across the shape; a double click ends</source>
   <translation>Narysuj linię przez cały kształt; podwójne kliknięcie kończy</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a point</source>
   <translation>Rysuj punkt</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a polygon</source>
   <translation>Rysuj wielokąt</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Drawn: {name}</source>
   <translation>Narysowano: {name}</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the drawing ...</source>
   <translation>Eksportuj rysunek ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the plan ...</source>
   <translation>Eksportuj plan ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>File</source>
   <translation>Plik</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Import a file of another program ...</source>
   <translation>Importuj plik innego programu ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>It had drawn {name!r} with {n} shapes. Take it up again?</source>
   <translation>Narysowano w niej {name!r}, kształtów: {n}. Podjąć na nowo?</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon</source>
   <translation>Zamień na wielokąt</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon of a circle or corridor</source>
   <translation>Zamień okrąg lub korytarz na wielokąt</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Merge</source>
   <translation>Połącz</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Name of the patrol</source>
   <translation>Nazwa patrolu</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: nothing drawn</source>
   <translation>Nowy: pusty</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: the station's area</source>
   <translation>Nowy: obszar stacji</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Open ...</source>
   <translation>Otwórz ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Patrol</source>
   <translation>Patrol</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Press at the centre and drag to the edge</source>
   <translation>Naciśnij w środku i przeciągnij do krawędzi</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Redo</source>
   <translation>Ponów</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Rename</source>
   <translation>Zmień nazwę</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Repair</source>
   <translation>Napraw</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save</source>
   <translation>Zapisz</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save as ...</source>
   <translation>Zapisz jako ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Split</source>
   <translation>Podziel</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Taken up again: it is not saved yet</source>
   <translation>Podjęto na nowo: jeszcze niezapisane</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Turn a line round</source>
   <translation>Odwróć linię</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Undo</source>
   <translation>Cofnij</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>{role}: cannot be drawn like that</source>
   <translation>{role}: nie można tak narysować</translation>
  </message>
 </context>
 <context>
  <name>PointsTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>At least {n} points are needed: click on the map</source>
   <translation>Potrzeba co najmniej {n} punktów: kliknij mapę</translation>
  </message>
 </context>
 <context>
  <name>ReplayBar</name>
  <message>
   <location filename="../replay/bar.py" />
   <source>Back to live</source>
   <translation>Powrót do widoku na żywo</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>LIVE: {count} alerts wait</source>
   <translation>NA ŻYWO: czeka alarmów: {count}</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Moment of the replay</source>
   <translation>Chwila odtwarzania</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Play</source>
   <translation>Odtwórz</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>REPLAY, NOT LIVE</source>
   <translation>ODTWARZANIE, NIE NA ŻYWO</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Speed of the replay</source>
   <translation>Szybkość odtwarzania</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Stop</source>
   <translation>Zatrzymaj</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>{moment} reading …</source>
   <translation>{moment} odczyt …</translation>
  </message>
 </context>
 <context>
  <name>SettingsPage</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>A sound with each alert</source>
   <translation>Dźwięk przy każdym alarmie</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>As the machine</source>
   <translation>Jak w komputerze</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Colours</source>
   <translation>Kolory</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Height of the text in pixels</source>
   <translation>Wysokość tekstu w pikselach</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Kept in: {path}</source>
   <translation>Zapisane w: {path}</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Language (when the console is opened again)</source>
   <translation>Język (po ponownym otwarciu konsoli)</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Speak alerts</source>
   <translation>Odczytuj alarmy na głos</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Units of the flight display</source>
   <translation>Jednostki wskaźnika lotu</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>nowhere: they are forgotten at the end</source>
   <translation>nigdzie: zostaną zapomniane</translation>
  </message>
 </context>
 <context>
  <name>ShapeForm</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Add corner</source>
   <translation>Dodaj wierzchołek</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Buffer</source>
   <translation>Bufor</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Change {name}</source>
   <translation>Zmień {name}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates</source>
   <translation>Współrzędne</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates written as</source>
   <translation>Zapis współrzędnych</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Corner (type or paste any form)</source>
   <translation>Wierzchołek (wpisz lub wklej w dowolnym zapisie)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Delete corner</source>
   <translation>Usuń wierzchołek</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>From height</source>
   <translation>Od wysokości</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Half width</source>
   <translation>Połowa szerokości</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Its top</source>
   <translation>Jego szczyt</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its left</source>
   <translation>Kraj po lewej</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its right</source>
   <translation>Kraj po prawej</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Name</source>
   <translation>Nazwa</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>New corner</source>
   <translation>Nowy wierzchołek</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>No shape is chosen: click one on the map</source>
   <translation>Nie wybrano kształtu: kliknij jakiś na mapie</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Ours is</source>
   <translation>Nasz to</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste corners</source>
   <translation>Wklej wierzchołki</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste list</source>
   <translation>Wklej listę</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Radius</source>
   <translation>Promień</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Type a corner</source>
   <translation>Wpisz wierzchołek</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Up to height</source>
   <translation>Do wysokości</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>When</source>
   <translation>Kiedy</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>always; or Mo-Fr 22:00-04:00 (UTC)</source>
   <translation>zawsze; lub Mo-Fr 22:00-04:00 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>hole {n}, {k}</source>
   <translation>otwór {n}, {k}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>{n} shapes are chosen</source>
   <translation>Wybrane kształty: {n}</translation>
  </message>
 </context>
 <context>
  <name>ShiftView</name>
  <message>
   <location filename="../shift/view.py" />
   <source>Entry in the log book</source>
   <translation>Wpis do dziennika</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Handover sheet</source>
   <translation>Arkusz zdania służby</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Kind</source>
   <translation>Rodzaj</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Read again</source>
   <translation>Czytaj ponownie</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Replay …</source>
   <translation>Odtwarzanie …</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Search: words that must all be there</source>
   <translation>Szukaj: wszystkie słowa muszą wystąpić</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Text</source>
   <translation>Tekst</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>The station did not hand over its log book.</source>
   <translation>Stacja nie udostępniła dziennika.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>There is no folder to write the sheet to.</source>
   <translation>Nie ma folderu na arkusz.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>This console cannot open another window.</source>
   <translation>Ta konsola nie może otworzyć drugiego okna.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Time</source>
   <translation>Czas</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>What</source>
   <translation>Co</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Who</source>
   <translation>Kto</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Write</source>
   <translation>Zapisz</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the newest {count} shown</source>
   <translation>pokazano najnowsze: {count}</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>{count} lines</source>
   <translation>wiersze: {count}</translation>
  </message>
 </context>
 <context>
  <name>SplitTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that is to be cut first</source>
   <translation>Najpierw wybierz kształt do podziału</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Split</source>
   <translation>Podziel</translation>
  </message>
 </context>
 <context>
  <name>StatusStrip</name>
  <message>
   <location filename="../status_bar.py" />
   <source>1 fault</source>
   <translation>1 usterka</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Alerts</source>
   <translation>Alarmy</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Battery</source>
   <translation>Bateria</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Click: show the alerts</source>
   <translation>Kliknij: pokaż alarmy</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Fence</source>
   <translation>Ogrodzenie</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Flight</source>
   <translation>Lot</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Link</source>
   <translation>Łącze</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Neighbour</source>
   <translation>Sąsiad</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Position</source>
   <translation>Pozycja</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Station</source>
   <translation>Stacja</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Video</source>
   <translation>Wideo</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>cut, {count} wait</source>
   <translation>przerwane, czeka {count}</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no data</source>
   <translation>brak danych</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no fault</source>
   <translation>brak usterek</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>none waiting</source>
   <translation>żaden nie czeka</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>not set up</source>
   <translation>nieskonfigurowany</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>old {age}</source>
   <translation>stare {age}</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>on the ground</source>
   <translation>na ziemi</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>unknown</source>
   <translation>nieznane</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} faults</source>
   <translation>usterki: {count}</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} stored</source>
   <translation>zapisano {count}</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} waiting</source>
   <translation>czeka {count}</translation>
  </message>
 </context>
 <context>
  <name>TelemetryPanel</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Battery</source>
   <translation>Bateria</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Camera</source>
   <translation>Kamera</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Heading</source>
   <translation>Kurs</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Height above home</source>
   <translation>Wysokość nad startem</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Mode</source>
   <translation>Tryb</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Satellites</source>
   <translation>Satelity</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Speed</source>
   <translation>Prędkość</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Waypoint</source>
   <translation>Punkt trasy</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>and {count} more</source>
   <translation>i jeszcze {count}</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>no fix</source>
   <translation>brak pozycji</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · rozbrojony</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{number} of {total}</source>
   <translation>{number} z {total}</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{title}: NOT LIVE, heard {age} ago</source>
   <translation>{title}: NIEAKTUALNE, słyszany {age} temu</translation>
  </message>
 </context>
 <context>
  <name>UploadPage</name>
  <message>
   <location filename="../planner/upload.py" />
   <source> It holds: {what}.</source>
   <translation> Zawiera: {what}.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n}</source>
   <translation>Statek powietrzny {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} can only be watched</source>
   <translation>Statek powietrzny {n} można tylko obserwować</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is being sent a plan</source>
   <translation>Do statku powietrznego {n} wysyłany jest plan</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is flying: plans are sent on the ground</source>
   <translation>Statek powietrzny {n} leci: plany wysyła się na ziemi</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Errors that forbid the upload: {n}</source>
   <translation>Błędy zabraniające wysłania: {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>FAILED: {why}.{holds}</source>
   <translation>NIEPOWODZENIE: {why}.{holds}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Goes to</source>
   <translation>Trafia do</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>OBOWIĄZUJE: odczytany i zgodny</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is a plan only when the aircraft has read it back, identical.</source>
   <translation>Plan obowiązuje dopiero, gdy statek powietrzny odesłał go identyczny.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is the plan as sent at {t}; it was changed here since</source>
   <translation>Obowiązuje plan wysłany o {t}; tu został od tego czasu zmieniony</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is {name}, not sent from this board: compare before you rely on it</source>
   <translation>Obowiązuje {name}, niewysłany stąd: porównaj, zanim na nim polegasz</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No aircraft was heard yet</source>
   <translation>Nie usłyszano jeszcze statku powietrznego</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No link to aircraft {n}</source>
   <translation>Brak łączności ze statkiem powietrznym {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No station is connected: nothing can be sent</source>
   <translation>Brak połączonej stacji: nic nie można wysłać</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent from this console</source>
   <translation>Z tej konsoli nic nie wysłano</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent: {why}</source>
   <translation>Nic nie wysłano: {why}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it in spite of the errors ...</source>
   <translation>Wyślij mimo błędów ...</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Sent at {t}, no answer yet</source>
   <translation>Wysłano o {t}, brak odpowiedzi</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The plan has changed meanwhile: look at it again</source>
   <translation>Plan zmienił się tymczasem: obejrzyj go ponownie</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>There is no plan yet</source>
   <translation>Nie ma jeszcze planu</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>This drawing is not the area that the station runs with: the aircraft gets these fences, the station goes on judging plans and crossings by its own.</source>
   <translation>Ten rysunek nie jest obszarem, z którym działa stacja: statek powietrzny dostanie te ogrodzenia, stacja nadal ocenia plany i przekroczenia według własnego.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Two plans go to the same aircraft: choose another</source>
   <translation>Dwa plany trafiają do tego samego statku powietrznego: wybierz inny</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Upload</source>
   <translation>Wyślij</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Czekaj: plan jest sprawdzany</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>checking</source>
   <translation>sprawdzanie</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>given up</source>
   <translation>zaniechano</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>reading back</source>
   <translation>odczyt zwrotny</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>uploading</source>
   <translation>wysyłanie</translation>
  </message>
 </context>
 <context>
  <name>VideoView</name>
  <message>
   <location filename="../video/view.py" />
   <source>All</source>
   <translation>Wszystkie</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Boxes</source>
   <translation>Ramki</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Colours of a thermal picture, on this screen only</source>
   <translation>Barwy obrazu termicznego, tylko na tym ekranie</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Lines</source>
   <translation>Linie</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Live</source>
   <translation>Na żywo</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Pause</source>
   <translation>Wstrzymaj</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record</source>
   <translation>Nagrywaj</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record the stream as received</source>
   <translation>Nagrywaj strumień tak, jak jest odbierany</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Snapshot</source>
   <translation>Zdjęcie</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Step back</source>
   <translation>Cofnij</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>The station did not hand over its recordings.</source>
   <translation>Stacja nie udostępniła nagrań.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>There is no video yet.</source>
   <translation>Nie ma jeszcze wideo.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>kept as {file}</source>
   <translation>zapisano jako {file}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>recording ended: {count} files {detail}</source>
   <translation>nagranie zakończone, pliki: {count} {detail}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>state of the stream not known for {age}</source>
   <translation>stan strumienia nieznany od {age}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>the snapshot could not be kept: {error}</source>
   <translation>nie udało się zapisać zdjęcia: {error}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>there is no picture to keep</source>
   <translation>nie ma obrazu do zapisania</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>was recording</source>
   <translation>nagrywano</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>{seconds} s back</source>
   <translation>{seconds} s wstecz</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>◀ 5 s</source>
   <translation>◀ 5 s</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>● RECORDING {seconds} s</source>
   <translation>● NAGRYWANIE {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>Wizard</name>
  <message>
   <location filename="../planner/wizard.py" />
   <source>1 See</source>
   <translation>1 Zobacz</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>2 How often</source>
   <translation>2 Jak często</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>3 Who flies</source>
   <translation>3 Kto leci</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>4 Check</source>
   <translation>4 Sprawdź</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>5 Upload</source>
   <translation>5 Wyślij</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Aircraft</source>
   <translation>Statek powietrzny</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ask for a patrol</source>
   <translation>Zleć patrol</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Back</source>
   <translation>Wstecz</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Change the patrol</source>
   <translation>Zmień patrol</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Checking ...</source>
   <translation>Sprawdzanie ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Distance from the border</source>
   <translation>Odległość od granicy</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw a keep-out zone</source>
   <translation>Narysuj strefę zakazaną</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw it on the map</source>
   <translation>Narysuj na mapie</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every</source>
   <translation>Co</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every finding stands below; a click on one takes the map there.</source>
   <translation>Wszystkie uwagi są poniżej; kliknięcie przenosi tam mapę.</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures from a file ...</source>
   <translation>Dane z pliku ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures of an aircraft</source>
   <translation>Dane statku powietrznego</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>From, along the border</source>
   <translation>Od, wzdłuż granicy</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Height above ground</source>
   <translation>Wysokość nad ziemią</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How</source>
   <translation>Jak</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How many</source>
   <translation>Ile</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How often is it to be seen?</source>
   <translation>Jak często ma być widziane?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Left of the line (right: minus)</source>
   <translation>Na lewo od linii (prawo: minus)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Next</source>
   <translation>Dalej</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>No patrol is asked for yet</source>
   <translation>Nie zlecono jeszcze patrolu</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Not to be flown: {first}</source>
   <translation>Nie do lotu: {first}</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Radius</source>
   <translation>Promień</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ready to be uploaded: no errors</source>
   <translation>Gotowe do wysłania: brak błędów</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Stand for</source>
   <translation>Czas zawisu</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Take-off</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Takes off at</source>
   <translation>Startuje z</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>The border is {m} m long</source>
   <translation>Granica ma {m} m długości</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>To</source>
   <translation>Do</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Watch lasts</source>
   <translation>Czas dozoru</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>What is to be seen?</source>
   <translation>Co ma być widziane?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Which one</source>
   <translation>Które</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Who flies, and how?</source>
   <translation>Kto leci i jak?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind</source>
   <translation>Wiatr</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind from</source>
   <translation>Wiatr z</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>battery left {p} %</source>
   <translation>pozostało baterii {p} %</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>how long a place is out of sight: being worked out</source>
   <translation>jak długo miejsce jest poza widokiem: obliczanie</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>none yet</source>
   <translation>jeszcze brak</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>now; or 20:30 (UTC)</source>
   <translation>teraz; lub 20:30 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>out of sight at most {s} s</source>
   <translation>poza widokiem najwyżej {s} s</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>the first, or whichever is best</source>
   <translation>pierwszy lub najlepszy</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{km} km</source>
   <translation>{km} km</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{n} rounds</source>
   <translation>Okrążenia: {n}</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{speed} m/s, {time} in the air, wind up to {wind} m/s</source>
   <translation>{speed} m/s, {time} w powietrzu, wiatr do {wind} m/s</translation>
  </message>
 </context>
 <context>
  <name>_HeightField</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above ground</source>
   <translation>m nad ziemią</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above home</source>
   <translation>m nad startem</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above sea level</source>
   <translation>m n.p.m.</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>none</source>
   <translation>brak</translation>
  </message>
 </context>
 <context>
  <name>age</name>
  <message>
   <location filename="../freshness.py" />
   <source>{hours} h</source>
   <translation>{hours} h</translation>
  </message>
  <message>
   <location filename="../freshness.py" />
   <source>{minutes} min</source>
   <translation>{minutes} min</translation>
  </message>
  <message>
   <location filename="../freshness.py" />
   <source>{seconds} s</source>
   <translation>{seconds} s</translation>
  </message>
 </context>
 <context>
  <name>alerts</name>
  <message>
   <location filename="../alerts/words.py" />
   <source>ALARM</source>
   <translation>ALARM</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Animal</source>
   <translation>Zwierzę</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Approaching the border</source>
   <translation>Zbliża się do granicy</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>CALL FOR HELP</source>
   <translation>WEZWANIE POMOCY</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>CORRECTED by the neighbour</source>
   <translation>POPRAWIONE przez sąsiada</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Confirmed</source>
   <translation>Potwierdzony</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Crossing</source>
   <translation>Przekroczenie</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>ESCALATED</source>
   <translation>ESKALOWANY</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>False alarm</source>
   <translation>Fałszywy alarm</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Group</source>
   <translation>Grupa</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>It is the neighbour's own.</source>
   <translation>To alarm sąsiada.</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Leave it there</source>
   <translation>Zostaw u niego</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Loitering</source>
   <translation>Przebywa dłużej</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>NOT ACKNOWLEDGED {time}</source>
   <translation>NIEPOTWIERDZONY {time}</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>NOT SAVED YET: the station's disk does not take it</source>
   <translation>JESZCZE NIE ZAPISANO: dysk stacji nie przyjmuje</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Needs help</source>
   <translation>Potrzebuje pomocy</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour has been heard yet.</source>
   <translation>Nie słyszano jeszcze sąsiada.</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>Nie skonfigurowano sąsiada: nic nie jest udostępniane.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Own patrol</source>
   <translation>Własny patrol</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Person down: help needed?</source>
   <translation>Osoba leży: potrzebna pomoc?</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>TAKEN BACK by the neighbour</source>
   <translation>WYCOFANE przez sąsiada</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>THEIRS: {peer}</source>
   <translation>OD SĄSIADA: {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Take it back</source>
   <translation>Wycofaj</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The record of a neighbour's incident is the neighbour's.</source>
   <translation>Akta zdarzenia sąsiada ma sąsiad.</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The station did not hand over its records.</source>
   <translation>Stacja nie udostępniła zapisów.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Vehicle stopped</source>
   <translation>Pojazd stoi</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>WATCH</source>
   <translation>OBSERWUJ</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>clip</source>
   <translation>nagranie</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>handed to {peer}</source>
   <translation>przekazano do {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>left with the neighbour as it was told</source>
   <translation>zostawiono u sąsiada tak, jak przekazano</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>not classified</source>
   <translation>niesklasyfikowany</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>offered to {peer}; it stays ours until they accept</source>
   <translation>zaoferowano {peer}; nasz, dopóki nie przyjmie</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>person</source>
   <translation>osoba</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>place unknown</source>
   <translation>miejsce nieznane</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>probability not told</source>
   <translation>prawdopodobieństwo niepodane</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>saved</source>
   <translation>zapisano</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by the neighbour</source>
   <translation>sąsiad widział</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by {name} {time}</source>
   <translation>widział(a) {name} {time}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>taken back from the neighbour: {reason}</source>
   <translation>wycofano od sąsiada: {reason}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>the procedure proposes this</source>
   <translation>tak proponuje procedura</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>the report is being made …</source>
   <translation>raport jest tworzony …</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>to</source>
   <translation>do</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>two-wheeler</source>
   <translation>jednoślad</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>vehicle</source>
   <translation>pojazd</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>{peer} tells: </source>
   <translation>{peer} zgłasza: </translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>{verdict}: take back what the neighbour was told of this?</source>
   <translation>{verdict}: wycofać to, co przekazano o tym sąsiadowi?</translation>
  </message>
 </context>
 <context>
  <name>crash</name>
  <message>
   <location filename="../craft/crash.py" />
   <source>A part of the console failed and the rest goes on: {error}. Report: {path}</source>
   <translation>Część konsoli zawiodła, reszta działa dalej: {error}. Raport: {path}</translation>
  </message>
  <message>
   <location filename="../craft/crash.py" />
   <source>nowhere: the disk did not take it</source>
   <translation>nigdzie: dysk go nie przyjął</translation>
  </message>
 </context>
 <context>
  <name>flight</name>
  <message>
   <location filename="../flight/words.py" />
   <source>AREAS LEFT OUT</source>
   <translation>POMINIĘTE OBSZARY</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>BREACHED</source>
   <translation>NARUSZONE</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>LOST {age}</source>
   <translation>UTRACONY {age}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT good</source>
   <translation>NIEDOBRA</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT in force</source>
   <translation>NIE obowiązuje</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>Nothing is heard. The aircraft takes its own lost-link action; orders do not reach it.</source>
   <translation>Nic nie słychać. Statek wykonuje własną procedurę utraty łącza; rozkazy do niego nie docierają.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft does not trust its own position.</source>
   <translation>Statek nie ufa własnej pozycji.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft holds no fence.</source>
   <translation>Statek nie ma ogrodzenia.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft is outside its fence.</source>
   <translation>Statek jest poza ogrodzeniem.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft keeps a fence that this station has not verified.</source>
   <translation>Statek trzyma się ogrodzenia, którego ta stacja nie sprawdziła.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft's fence is off.</source>
   <translation>Ogrodzenie statku jest wyłączone.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The traffic receiver has gone quiet.</source>
   <translation>Odbiornik ruchu zamilkł.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>clear</source>
   <translation>czysto</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>in force</source>
   <translation>obowiązuje</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no fault</source>
   <translation>brak usterek</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no receiver is heard</source>
   <translation>nie słychać odbiornika</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>none</source>
   <translation>brak</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>not known</source>
   <translation>nieznane</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on arming</source>
   <translation>przy uzbrojeniu</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on, not ours</source>
   <translation>włączone, nie nasze</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>only reports</source>
   <translation>tylko zgłasza</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft tells nothing of its battery</source>
   <translation>statek nie podaje stanu baterii</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft's own reckoning of the time until it is empty</source>
   <translation>własne obliczenie statku, do rozładowania</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>time until 20 % are left, from how it goes down</source>
   <translation>czas do 20 %, z tempa spadku</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>until a restart</source>
   <translation>do restartu</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>was {word}</source>
   <translation>było {word}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{count} sats</source>
   <translation>sat.: {count}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{difference} m in height, nearest in {seconds} s at {metres} m</source>
   <translation>{difference} m w pionie, najbliżej za {seconds} s w {metres} m</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{fault}  (+{more})</source>
   <translation>{fault}  (+{more})</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · rozbrojony</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{name} {distance} km</source>
   <translation>{name} {distance} km</translation>
  </message>
 </context>
 <context>
  <name>group</name>
  <message>
   <location filename="../flight/group.py" />
   <source>Pause</source>
   <translation>Wstrzymaj</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Resume</source>
   <translation>Wznów</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Return</source>
   <translation>Powrót</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Start</source>
   <translation>Start</translation>
  </message>
 </context>
 <context>
  <name>guide</name>
  <message>
   <location filename="../craft/guide.py" />
   <source>Alerts: choose it, look at it, then acknowledge it.</source>
   <translation>Alarmy: wybierz, obejrzyj, potem potwierdź.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An aircraft is heard</source>
   <translation>Odebrano statek powietrzny</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An alert comes</source>
   <translation>Przychodzi alarm</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Answer it</source>
   <translation>Odpowiedz na niego</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Before the flight: press Read the list. Do what it asks for until it says May start.</source>
   <translation>Przed lotem: naciśnij Czytaj listę. Wykonuj, czego żąda, aż zezwoli na start.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Bring it home</source>
   <translation>Sprowadź go do domu</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Return for a second. F8 makes it hold still at any time.</source>
   <translation>Rozkazy: przytrzymaj Powrót przez sekundę. F8 zatrzymuje w każdej chwili.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Start for a second. The aircraft takes off and follows the line.</source>
   <translation>Rozkazy: przytrzymaj Start przez sekundę. Statek startuje i leci wzdłuż linii.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Plan a patrol and send it</source>
   <translation>Zaplanuj patrol i wyślij</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Planner: read each page and press Next, four times: what is to be seen, how often, who flies, what the checks say. Then press Upload. Done when it says IN FORCE.</source>
   <translation>Planer: przeczytaj każdą stronę i naciśnij Dalej, cztery razy: co ma być widziane, jak często, kto leci, co mówi kontrola. Potem naciśnij Wyślij. Gotowe, gdy pokaże OBOWIĄZUJE.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Read the list</source>
   <translation>Odczytaj listę</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Somebody crosses the border within a minute or two: the lamp Alerts tells it.</source>
   <translation>W ciągu minuty lub dwóch ktoś przekroczy granicę: powie o tym lampka Alarmy.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Start</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Wait until a row with its number stands at the top, and Position says its satellites.</source>
   <translation>Poczekaj, aż u góry pojawi się wiersz z numerem, a Pozycja poda satelity.</translation>
  </message>
 </context>
 <context>
  <name>keys</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Camera: turn, while its stick has the keyboard</source>
   <translation>Kamera: obrót, gdy jej drążek ma klawiaturę</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Choose an aircraft</source>
   <translation>Wybierz statek</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Hold position, at once</source>
   <translation>Utrzymaj pozycję, natychmiast</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: age of what was seen</source>
   <translation>Mapa: wiek obserwacji</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the aircraft</source>
   <translation>Mapa: statek powietrzny</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the patrol</source>
   <translation>Mapa: patrol</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: whole area</source>
   <translation>Mapa: cały obszar</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Next button; press or hold it</source>
   <translation>Następny przycisk; naciśnij lub przytrzymaj</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Return: hold the space bar</source>
   <translation>Powrót: przytrzymaj spację</translation>
  </message>
 </context>
 <context>
  <name>link</name>
  <message>
   <location filename="../link_lamp.py" />
   <source>alive</source>
   <translation>działa</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>not measured</source>
   <translation>niezmierzone</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>slow, {seconds} s</source>
   <translation>wolne, {seconds} s</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{hint}, over {name}</source>
   <translation>{hint}, przez {name}</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost</source>
   <translation>utracono {percent} %</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost, round trip {time}</source>
   <translation>utracono {percent} %, obieg {time}</translation>
  </message>
 </context>
 <context>
  <name>map</name>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>(own side)</source>
   <translation>(nasza strona)</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>, not seen for {n} s</source>
   <translation>, niewidziany od {n} s</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>1 to 3 h ago</source>
   <translation>1 do 3 h temu</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>10 to 30 min ago</source>
   <translation>10 do 30 min temu</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>3 to 8 h ago</source>
   <translation>3 do 8 h temu</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>30 min to 1 h ago</source>
   <translation>30 min do 1 h temu</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>90 % ellipse; hollow: not seen now</source>
   <translation>elipsa 90 %; pusta: teraz niewidziany</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>; ceiling {n} m above home</source>
   <translation>; pułap {n} m nad startem</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>Age map</source>
   <translation>Mapa wieku</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Air traffic</source>
   <translation>Ruch lotniczy</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Aircraft, way flown</source>
   <translation>Statek, przebyta droga</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/ground.py" />
   <source>Area</source>
   <translation>Obszar</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>Background</source>
   <translation>Tło</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Border and its sides</source>
   <translation>Granica i jej strony</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Camera sees</source>
   <translation>Kamera widzi</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>Degrees</source>
   <translation>Stopnie</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Fences</source>
   <translation>Ogrodzenia</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <location filename="../map/layers/fences.py" />
   <source>Flight</source>
   <translation>Lot</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>H launch, R rally</source>
   <translation>H start, R zbiórka</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Incidents</source>
   <translation>Zdarzenia</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Keep-out zones</source>
   <translation>Strefy zakazane</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Launch, rally, obstacles</source>
   <translation>Start, zbiórka, przeszkody</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>MGRS grid</source>
   <translation>Siatka MGRS</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <location filename="../map/layers/grid.py" />
   <source>Map</source>
   <translation>Mapa</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>NO LINK</source>
   <translation>BRAK ŁĄCZA</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: last told {age} ago</source>
   <translation>NIEPOTWIERDZONE: ostatnio {age} temu</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: the aircraft has not told that it acts</source>
   <translation>NIEPOTWIERDZONE: statek nie zgłosił, że działa</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: {why}</source>
   <translation>NIEPOTWIERDZONE: {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Neighbour's tracks</source>
   <translation>Ślady sąsiada</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>No-look areas</source>
   <translation>Obszary bez podglądu</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/others.py" />
   <source>Others</source>
   <translation>Inne</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Own patrols</source>
   <translation>Nasze patrole</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>Own tracks</source>
   <translation>Nasze ślady</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Patrol</source>
   <translation>Patrol</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <location filename="../map/layers/others.py" />
   <location filename="../map/layers/tracks.py" />
   <source>Seen</source>
   <translation>Widziane</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Shared with the neighbour</source>
   <translation>Udostępnione sąsiadowi</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Wind and fence forecast</source>
   <translation>Wiatr i prognoza ogrodzenia</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>acknowledged</source>
   <translation>potwierdzone</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>age map: nothing is known yet</source>
   <translation>mapa wieku: jeszcze nic nie wiadomo</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic on collision course</source>
   <translation>ruch na kursie kolizyjnym</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic, 30 s ahead</source>
   <translation>ruch lotniczy, 30 s naprzód</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>alarm, with its CE90</source>
   <translation>alarm z CE90</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>area {area}</source>
   <translation>powierzchnia {area}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>camera must not look
{name}</source>
   <translation>kamera nie może patrzeć
{name}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>ceiling</source>
   <translation>pułap</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>class not sure</source>
   <translation>klasa niepewna</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the first corner</source>
   <translation>kliknij pierwszy róg</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the next</source>
   <translation>kliknij następny</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence</source>
   <translation>ogrodzenie</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence forecast</source>
   <translation>prognoza ogrodzenia</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>fence {state}</source>
   <translation>ogrodzenie {state}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>floor</source>
   <translation>dolna granica</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>from {height} up</source>
   <translation>od {height}</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground height not known</source>
   <translation>wysokość terenu nieznana</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground {n} m AMSL</source>
   <translation>teren {n} m n.p.m.</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force</source>
   <translation>obowiązuje</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force, BREACHED</source>
   <translation>obowiązuje, NARUSZONE</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>keep out</source>
   <translation>zakaz</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>may not be looked at</source>
   <translation>nie wolno patrzeć</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>more than 8 h ago</source>
   <translation>ponad 8 h temu</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>never seen</source>
   <translation>nigdy niewidziane</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>no answer: {names}</source>
   <translation>brak odpowiedzi: {names}</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>not counted now: {why}</source>
   <translation>teraz nieliczone: {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>not now: {hours} UTC</source>
   <translation>nie teraz: {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>notice</source>
   <translation>informacja</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>now: {hours} UTC</source>
   <translation>teraz: {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>obstacle</source>
   <translation>przeszkoda</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>person</source>
   <translation>osoba</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>planned, NOT in force</source>
   <translation>planowane, NIE obowiązuje</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>seen less than 10 min ago</source>
   <translation>widziane mniej niż 10 min temu</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>shared with the neighbour inside</source>
   <translation>wewnątrz udostępniane sąsiadowi</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>someone may need help</source>
   <translation>ktoś może potrzebować pomocy</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>stay inside</source>
   <translation>pozostań wewnątrz</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>two-wheeler</source>
   <translation>jednoślad</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>unsure</source>
   <translation>niepewne</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>up to {height}</source>
   <translation>do {height}</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>vehicle</source>
   <translation>pojazd</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>whole way {distance}</source>
   <translation>cała droga {distance}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>will meet a fence</source>
   <translation>dotrze do ogrodzenia</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind as the aircraft tells it, to where it blows</source>
   <translation>wiatr według statku powietrznego, dokąd wieje</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind {n} m/s</source>
   <translation>wiatr {n} m/s</translation>
  </message>
  <message>
   <location filename="../map/freshness.py" />
   <source>{age} old</source>
   <translation>wiek {age}</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>{distance}, {bearing}° true</source>
   <translation>{distance}, {bearing}° rzeczywisty</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: brake in {n} s</source>
   <translation>{fence}: hamuj za {n} s</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: cannot stop before it</source>
   <translation>{fence}: nie zatrzyma się przed nim</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>{name} (not in force)</source>
   <translation>{name} (nie obowiązuje)</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>{name}, top {height}</source>
   <translation>{name}, szczyt {height}</translation>
  </message>
 </context>
 <context>
  <name>menus</name>
  <message>
   <location filename="../menus.py" />
   <source>Another window</source>
   <translation>Kolejne okno</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Arrange panels</source>
   <translation>Rozmieść panele</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>As at first</source>
   <translation>Jak na początku</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Close the console (the station goes on)</source>
   <translation>Zamknij konsolę (stacja działa dalej)</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Colours</source>
   <translation>Kolory</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Help</source>
   <translation>Pomoc</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep as…</source>
   <translation>Zachowaj jako…</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep the layout</source>
   <translation>Zachowaj układ</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Larger text</source>
   <translation>Większy tekst</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Layout</source>
   <translation>Układ</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Name</source>
   <translation>Nazwa</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next colours</source>
   <translation>Następne kolory</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next panel</source>
   <translation>Następny panel</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panel before</source>
   <translation>Poprzedni panel</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panels shown</source>
   <translation>Widoczne panele</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Report: {path}</source>
   <translation>Raport: {path}</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Share</source>
   <translation>Udostępnianie</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Shift</source>
   <translation>Zmiana</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Smaller text</source>
   <translation>Mniejszy tekst</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Station</source>
   <translation>Stacja</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>View</source>
   <translation>Widok</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Whole screen</source>
   <translation>Cały ekran</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Write a report</source>
   <translation>Zapisz raport</translation>
  </message>
 </context>
 <context>
  <name>pairs</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>cannot be compared</source>
   <translation>nieporównywalne</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>different</source>
   <translation>różne</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>the same</source>
   <translation>ten sam</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>undecided</source>
   <translation>nierozstrzygnięte</translation>
  </message>
 </context>
 <context>
  <name>plan</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>FAILED</source>
   <translation>NIEUDANE</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>OBOWIĄZUJE: odczytany i zgodny</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>checking the plan</source>
   <translation>sprawdzanie planu</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>no plan sent</source>
   <translation>nie wysłano planu</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>reading back</source>
   <translation>odczyt zwrotny</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>uploading</source>
   <translation>wysyłanie</translation>
  </message>
 </context>
 <context>
  <name>planner</name>
  <message>
   <location filename="../planner/choices.py" />
   <source>A line (a road, a river)</source>
   <translation>Linia (droga, rzeka)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A point</source>
   <translation>Punkt</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A stretch of the border</source>
   <translation>Odcinek granicy</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Again and again, as long as the battery gives</source>
   <translation>Raz za razem, dopóki starcza baterii</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>An area</source>
   <translation>Obszar</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>At times nobody can foresee, on average every</source>
   <translation>W nieprzewidywalnych chwilach, średnio co</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Border line</source>
   <translation>Linia granicy</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Circle</source>
   <translation>Okrąg</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Corridor</source>
   <translation>Korytarz</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>Drawing</source>
   <translation>Rysunek</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Flight area (stay inside)</source>
   <translation>Obszar lotu (pozostać wewnątrz)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Fly round it</source>
   <translation>Okrążaj</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Keep-out zone</source>
   <translation>Strefa zakazana</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Launch point</source>
   <translation>Punkt startu</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Line</source>
   <translation>Linia</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Never out of sight for longer than</source>
   <translation>Nigdy poza widokiem dłużej niż</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>No-look area</source>
   <translation>Obszar bez podglądu</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Obstacle</source>
   <translation>Przeszkoda</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Once</source>
   <translation>Raz</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Place to be seen</source>
   <translation>Miejsce do obserwacji</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Point</source>
   <translation>Punkt</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Polygon</source>
   <translation>Wielokąt</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Rally point</source>
   <translation>Punkt zbiórki</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Search outwards from it</source>
   <translation>Szukaj na zewnątrz od niego</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Stand and look at it</source>
   <translation>Zawiśnij i patrz</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>The whole border</source>
   <translation>Cała granica</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: do not look</source>
   <translation>narysowane: nie patrzeć</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: keep out</source>
   <translation>narysowane: nie wlatywać</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: stay inside</source>
   <translation>narysowane: pozostać wewnątrz</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>planned way</source>
   <translation>planowana trasa</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>what the aircraft holds</source>
   <translation>co ma statek powietrzny</translation>
  </message>
 </context>
 <context>
  <name>replay</name>
  <message>
   <location filename="../replay/words.py" />
   <source>REPLAY</source>
   <translation>ODTWARZANIE</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The replay from {moment} is in a window of its own.</source>
   <translation>Odtwarzanie od {moment} jest w osobnym oknie.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The station did not run at that time: there is nothing to show.</source>
   <translation>Stacja wtedy nie działała: nie ma czego pokazać.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no MAVLink recording: aircraft as kept once a second</source>
   <translation>brak zapisu MAVLink: statki według zapisu co sekundę</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no age map of that time</source>
   <translation>brak mapy wieku z tego czasu</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no recorded video</source>
   <translation>brak nagranego wideo</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no tracks of the neighbour from that time</source>
   <translation>brak śladów sąsiada z tego czasu</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>reading what was kept of that time …</source>
   <translation>odczyt zapisów z tego czasu …</translation>
  </message>
 </context>
 <context>
  <name>report</name>
  <message>
   <location filename="../shift/report.py" />
   <source>Aircraft</source>
   <translation>Statek powietrzny</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Clip</source>
   <translation>Nagranie</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Cut so that nobody else is in them.</source>
   <translation>Przycięte tak, że nie ma na nich nikogo innego.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence</source>
   <translation>Dowody</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence package</source>
   <translation>Pakiet dowodowy</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Flight</source>
   <translation>Lot</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>From</source>
   <translation>Od</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Handover sheet {station}</source>
   <translation>Arkusz zdania służby {station}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident</source>
   <translation>Zdarzenie</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident report {id}</source>
   <translation>Raport ze zdarzenia {id}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Log book</source>
   <translation>Dziennik</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Made by {name} at {station}, {when}.</source>
   <translation>Sporządził(a) {name}, {station}, {when}.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Missing</source>
   <translation>Brakuje</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>NOT ACKNOWLEDGED</source>
   <translation>NIEPOTWIERDZONY</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not acknowledged</source>
   <translation>Niepotwierdzone</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not classified</source>
   <translation>Niesklasyfikowane</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Notes</source>
   <translation>Notatki</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Pictures</source>
   <translation>Obrazy</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Probability of the geometry</source>
   <translation>Prawdopodobieństwo geometrii</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Raised</source>
   <translation>Zgłoszono</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Rule</source>
   <translation>Reguła</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of its manifest</source>
   <translation>SHA-256 jego manifestu</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of the clip</source>
   <translation>SHA-256 nagrania</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>STILL WAITING</source>
   <translation>NADAL CZEKA</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Seen, not classified</source>
   <translation>Widziane, niesklasyfikowane</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>To</source>
   <translation>Do</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Told as</source>
   <translation>Zgłoszone jako</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Track</source>
   <translation>Ślad</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Verdict</source>
   <translation>Ocena</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What</source>
   <translation>Co</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What was done</source>
   <translation>Co zrobiono</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>When</source>
   <translation>Kiedy</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Where (90 % radius)</source>
   <translation>Gdzie (promień 90 %)</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>acknowledged by {name}</source>
   <translation>potwierdził(a) {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>eskalowano: nikt nie potwierdził</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>handed to {peer} by {name}</source>
   <translation>przekazano do {peer}, {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not classified</source>
   <translation>niesklasyfikowany</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not done</source>
   <translation>niewykonane</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>{when} by {name}, {took} after it was raised</source>
   <translation>{when}, {name}, {took} po zgłoszeniu</translation>
  </message>
 </context>
 <context>
  <name>shift</name>
  <message>
   <location filename="../shift/view.py" />
   <source>NOTE</source>
   <translation>NOTATKA</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert</source>
   <translation>alarm</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert: done</source>
   <translation>alarm: wykonano</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>everything</source>
   <translation>wszystko</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>flight</source>
   <translation>lot</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 12 hours</source>
   <translation>ostatnie 12 godzin</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 24 hours</source>
   <translation>ostatnie 24 godziny</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 7 days</source>
   <translation>ostatnie 7 dni</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>neighbour</source>
   <translation>sąsiad</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>order</source>
   <translation>polecenie</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>plan</source>
   <translation>plan</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the report could not be written: {error}</source>
   <translation>nie udało się zapisać raportu: {error}</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>written: {page} and {printed}</source>
   <translation>zapisano: {page} i {printed}</translation>
  </message>
 </context>
 <context>
  <name>themes</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Dark</source>
   <translation>Ciemny</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Light</source>
   <translation>Jasny</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Night, red</source>
   <translation>Noc, czerwony</translation>
  </message>
 </context>
 <context>
  <name>units</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Feet and knots</source>
   <translation>Stopy i węzły</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Metres and metres per second</source>
   <translation>Metry i metry na sekundę</translation>
  </message>
 </context>
 <context>
  <name>video</name>
  <message>
   <location filename="../video/snapshot.py" />
   <source>NOT LIVE: {seconds} s old</source>
   <translation>NIE NA ŻYWO: sprzed {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>as received</source>
   <translation>jak odebrano</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>black hot</source>
   <translation>gorące czarne</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>green</source>
   <translation>zielona</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>ironbow</source>
   <translation>żelazna tęcza</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>no KLV</source>
   <translation>brak KLV</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>no camera pose for this frame</source>
   <translation>brak położenia kamery dla tej klatki</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no ground there</source>
   <translation>tu nie ma gruntu</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: no terrain model</source>
   <translation>brak pozycji: brak modelu terenu</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: this frame has no camera pose</source>
   <translation>brak pozycji: klatka bez położenia kamery</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>taken by {name} from the preview, colours as received</source>
   <translation>wykonał(a) {name} z podglądu, barwy jak odebrano</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>white hot</source>
   <translation>gorące białe</translation>
  </message>
 </context>
 <context>
  <name>views</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <location filename="../views.py" />
   <source>Aircraft</source>
   <translation>Statek powietrzny</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Alerts</source>
   <translation>Alarmy</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <location filename="../views.py" />
   <source>Before the flight</source>
   <translation>Przed lotem</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <location filename="../views.py" />
   <source>Camera</source>
   <translation>Kamera</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <location filename="../views.py" />
   <source>First steps</source>
   <translation>Pierwsze kroki</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Flight</source>
   <translation>Lot</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Keys</source>
   <translation>Klawisze</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Map</source>
   <translation>Mapa</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <location filename="../views.py" />
   <source>Neighbour</source>
   <translation>Sąsiad</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <location filename="../views.py" />
   <source>Orders</source>
   <translation>Rozkazy</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Planner</source>
   <translation>Planowanie</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Settings</source>
   <translation>Ustawienia</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <location filename="../views.py" />
   <source>Several aircraft</source>
   <translation>Kilka statków</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Shift</source>
   <translation>Zmiana</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Video</source>
   <translation>Wideo</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>What the station says</source>
   <translation>Co mówi stacja</translation>
  </message>
 </context>
</TS>
