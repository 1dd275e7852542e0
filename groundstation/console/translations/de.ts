<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>AircraftStrip</name>
  <message>
   <location filename="../flight/strip.py" />
   <source>Aircraft</source>
   <translation>Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Battery</source>
   <translation>Batterie</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Camera</source>
   <translation>Kamera</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Faults, and what to do</source>
   <translation>Störungen, und was zu tun ist</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Fence</source>
   <translation>Zaun</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Flight</source>
   <translation>Flug</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Link</source>
   <translation>Verbindung</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>No aircraft is heard yet.</source>
   <translation>Noch ist kein Luftfahrzeug zu hören.</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Position</source>
   <translation>Position</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Show this aircraft; orders go to it (Alt+{number})</source>
   <translation>Dieses Luftfahrzeug zeigen; Befehle gehen an es (Alt+{number})</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Traffic</source>
   <translation>Verkehr</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>free</source>
   <translation>frei</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>not known</source>
   <translation>nicht bekannt</translation>
  </message>
 </context>
 <context>
  <name>AlertDetail</name>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Acknowledge  Ctrl+K</source>
   <translation>Quittieren  Ctrl+K</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Add note</source>
   <translation>Notiz anfügen</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Clip</source>
   <translation>Clip</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Hand to the neighbour</source>
   <translation>An den Nachbarn übergeben</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Incident report as HTML and PDF</source>
   <translation>Ereignisbericht als HTML und PDF</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>No alert is chosen.</source>
   <translation>Kein Alarm ist gewählt.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Note</source>
   <translation>Notiz</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Report</source>
   <translation>Bericht</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Show on map</source>
   <translation>Auf der Karte zeigen</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>There is no clip yet, or none was written.</source>
   <translation>Es gibt noch keinen Clip, oder es wurde keiner geschrieben.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Told by the neighbour {peer}</source>
   <translation>Vom Nachbarn {peer} gemeldet</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>eskaliert: niemand hatte quittiert</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>handed to {peer} by {name}</source>
   <translation>an {peer} übergeben von {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{time} acknowledged by {name}</source>
   <translation>{time} quittiert von {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{verdict}, says {name}</source>
   <translation>{verdict}, sagt {name}</translation>
  </message>
 </context>
 <context>
  <name>AlertsView</name>
  <message>
   <location filename="../alerts/view.py" />
   <source>Alerts</source>
   <translation>Alarme</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>No program opens the clip: {file}</source>
   <translation>Kein Programm öffnet den Clip: {file}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>Nobody has acknowledged: {alert}</source>
   <translation>Niemand hat quittiert: {alert}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The clip {file} is not there any more.</source>
   <translation>Der Clip {file} ist nicht mehr da.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The station did not hand over its alerts.</source>
   <translation>Die Station hat ihre Alarme nicht bereitgestellt.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>none waiting</source>
   <translation>keiner wartet</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>nothing new above</source>
   <translation>nichts Neues darüber</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} alerts wait   {first}</source>
   <translation>{count} Alarme warten   {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} new: {first}</source>
   <translation>{count} neu: {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} waiting</source>
   <translation>{count} warten</translation>
  </message>
 </context>
 <context>
  <name>CameraPanel</name>
  <message>
   <location filename="../flight/camera.py" />
   <source>Ahead</source>
   <translation>Geradeaus</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Along the border</source>
   <translation>Entlang der Grenze</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Another station is in control: {name}.</source>
   <translation>Eine andere Station steuert: {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Closer</source>
   <translation>Näher</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Drag, or arrow keys, to turn the camera; the wheel zooms</source>
   <translation>Ziehen oder Pfeiltasten drehen die Kamera; das Rad zoomt</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Held by {name}.</source>
   <translation>Gehalten von {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look at the selected track, or at the place that was last asked for on the map</source>
   <translation>Die gewählte Spur ansehen, oder den zuletzt auf der Karte verlangten Ort</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look here</source>
   <translation>Hierher sehen</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Looks {azimuth} from north, {elevation} up</source>
   <translation>Blickt {azimuth} von Nord, {elevation} nach oben</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Nobody holds it.</source>
   <translation>Niemand hält sie.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Release</source>
   <translation>Freigeben</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take the camera</source>
   <translation>Kamera übernehmen</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take…</source>
   <translation>Übernehmen…</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>The aircraft is not heard: where the camera looks is not known.</source>
   <translation>Das Luftfahrzeug ist nicht zu hören: wohin die Kamera blickt, ist unbekannt.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>Diese Konsole wurde ohne Verbindung zu einem Luftfahrzeug geöffnet.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Told to look at: {place}</source>
   <translation>Soll ansehen: {place}</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Who holds it is not known.</source>
   <translation>Wer sie hält, ist unbekannt.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Wider</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>You hold it.</source>
   <translation>Sie halten sie.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>no aircraft</source>
   <translation>kein Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} asks for it: use it to keep it.</source>
   <translation>{name} bittet darum: benutzen, um sie zu behalten.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} holds it. Why is it taken?</source>
   <translation>{name} hält sie. Warum wird sie übernommen?</translation>
  </message>
 </context>
 <context>
  <name>CheckList</name>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>({time} late)</source>
   <translation>({time} zu spät)</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>LATE {time}</source>
   <translation>ÜBERFÄLLIG {time}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>No procedure is written for this kind of alert.</source>
   <translation>Für diese Art Alarm ist kein Verfahren hinterlegt.</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>saving …</source>
   <translation>wird gespeichert …</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} by {name}</source>
   <translation>{time} durch {name}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} left</source>
   <translation>noch {time}</translation>
  </message>
 </context>
 <context>
  <name>ChecklistPanel</name>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start</source>
   <translation>Start erlaubt</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start, {count} warnings</source>
   <translation>Start erlaubt, {count} Warnungen</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>No start: {failed} failed, {unknown} not seen</source>
   <translation>Kein Start: {failed} durchgefallen, {unknown} nicht gesehen</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>OLD: read it again</source>
   <translation>ALT: neu lesen</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Read the list</source>
   <translation>Liste lesen</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Reading from the aircraft …</source>
   <translation>Wird vom Luftfahrzeug gelesen …</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>The list has not been read.</source>
   <translation>Die Liste wurde nicht gelesen.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>Diese Konsole wurde ohne Verbindung zu einem Luftfahrzeug geöffnet.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>read {age} ago</source>
   <translation>gelesen vor {age}</translation>
  </message>
 </context>
 <context>
  <name>CircleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Radius {m} m</source>
   <translation>Radius {m} m</translation>
  </message>
 </context>
 <context>
  <name>ComparePage</name>
  <message>
   <location filename="../planner/compare.py" />
   <source> - OLD: it may have been sent another plan since, read it again</source>
   <translation> – ALT: Seither kann ein anderer Plan gesendet worden sein, neu lesen</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft</source>
   <translation>Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft {n}</source>
   <translation>Luftfahrzeug {n}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Differences</source>
   <translation>Unterschiede</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>It could not be read: {why}</source>
   <translation>Konnte nicht gelesen werden: {why}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No aircraft was heard yet</source>
   <translation>Noch kein Luftfahrzeug gehört</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No link to this aircraft</source>
   <translation>Keine Verbindung zu diesem Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Not read yet</source>
   <translation>Noch nicht gelesen</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read at {t}, {age} s ago</source>
   <translation>Gelesen um {t}, vor {age} s</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read what it holds</source>
   <translation>Lesen, was es hält</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Reading aircraft {n} ...</source>
   <translation>Luftfahrzeug {n} wird gelesen ...</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>The aircraft holds exactly this plan: mission, fence and rally points</source>
   <translation>Das Luftfahrzeug hält genau diesen Plan: Auftrag, Zaun und Ausweichpunkte</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>There is no plan here to compare with; the aircraft holds {what}</source>
   <translation>Hier ist kein Plan zum Vergleich; das Luftfahrzeug hält {what}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>This station does not read plans back for its console</source>
   <translation>Diese Station liest für ihre Konsole keine Pläne zurück</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Warten: der Plan wird geprüft</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>given up</source>
   <translation>aufgegeben</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>{n} differences</source>
   <translation>{n} Unterschiede</translation>
  </message>
 </context>
 <context>
  <name>ConsoleWindow</name>
  <message>
   <location filename="../window.py" />
   <source>A screen is gone; back in the window: {names}</source>
   <translation>Ein Bildschirm fehlt; zurück im Fenster: {names}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Age map (C)</source>
   <translation>Alterskarte (C)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft</source>
   <translation>Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft (F)</source>
   <translation>Luftfahrzeug (F)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Map</source>
   <translation>Karte</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Patrol (P)</source>
   <translation>Streife (P)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Status</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>The language changes when the console is opened again.</source>
   <translation>Die Sprache wechselt beim nächsten Öffnen der Konsole.</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>This part of the console could not be opened: {reason}</source>
   <translation>Dieser Teil der Konsole ließ sich nicht öffnen: {reason}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Whole area (Home)</source>
   <translation>Ganzes Gebiet (Pos1)</translation>
  </message>
 </context>
 <context>
  <name>ControlsPanel</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>Hold position: at once, one click or F8</source>
   <translation>Position halten: sofort, ein Klick oder F8</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Land here</source>
   <translation>Hier landen</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}</source>
   <translation>Befehle an {name}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}: not heard for {age}</source>
   <translation>Befehle an {name}: seit {age} nicht gehört</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Pause</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Return</source>
   <translation>Zurück</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start against the list…</source>
   <translation>Gegen die Liste starten…</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Upload</source>
   <translation>Hochladen</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>was: {state}</source>
   <translation>war: {state}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{mission} mission, {fence} fence items</source>
   <translation>{mission} Missions-, {fence} Zaunpunkte</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{order}: waiting for the aircraft</source>
   <translation>{order}: wartet auf das Luftfahrzeug</translation>
  </message>
 </context>
 <context>
  <name>DebugPage</name>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>A second</source>
   <translation>Je Sekunde</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Age</source>
   <translation>Alter</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Last value</source>
   <translation>Letzter Wert</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Records</source>
   <translation>Meldungen</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>STALE</source>
   <translation>VERALTET</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>State</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Topic</source>
   <translation>Thema</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>live</source>
   <translation>aktuell</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>never</source>
   <translation>nie</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>{topics} topics, {silent} never heard</source>
   <translation>{topics} Themen, {silent} nie gehört</translation>
  </message>
 </context>
 <context>
  <name>DrawPage</name>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Change</source>
   <translation>Ändern</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Delete</source>
   <translation>Löschen</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Hole</source>
   <translation>Loch</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Merge</source>
   <translation>Verbinden</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Snap to corners and edges (hold Ctrl: not now)</source>
   <translation>An Ecken und Kanten fangen (Strg halten: jetzt nicht)</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Split</source>
   <translation>Teilen</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Staying in any one flight area is enough</source>
   <translation>Es genügt, in irgendeinem Fluggebiet zu bleiben</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What is drawn</source>
   <translation>Was gezeichnet wird</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What to draw</source>
   <translation>Was gezeichnet werden soll</translation>
  </message>
 </context>
 <context>
  <name>DrawTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>left side</source>
   <translation>linke Seite</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>right side</source>
   <translation>rechte Seite</translation>
  </message>
 </context>
 <context>
  <name>EditTool</name>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Change the radius</source>
   <translation>Radius ändern</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move corner</source>
   <translation>Ecke verschieben</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move shape</source>
   <translation>Form verschieben</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>New corner</source>
   <translation>Neue Ecke</translation>
  </message>
 </context>
 <context>
  <name>FileDialogs</name>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>A plan, to be checked and sent as it stands</source>
   <translation>Ein Plan, der geprüft und gesendet wird, wie er ist</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the drawing</source>
   <translation>Zeichnung exportieren</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the plan</source>
   <translation>Plan exportieren</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Go on?</source>
   <translation>Weiter?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import</source>
   <translation>Importieren</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import a file</source>
   <translation>Datei importieren</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import {file}</source>
   <translation>{file} importieren</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Maps</source>
   <translation>Karten</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not saved</source>
   <translation>Nicht gespeichert</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not taken in</source>
   <translation>Nicht übernommen</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Open a patrol</source>
   <translation>Streife öffnen</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Opened {file}</source>
   <translation>{file} geöffnet</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Patrols</source>
   <translation>Streifen</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans</source>
   <translation>Pläne</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans and maps</source>
   <translation>Pläne und Karten</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Save the patrol</source>
   <translation>Streife speichern</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Saved as {file}</source>
   <translation>Gespeichert als {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Shapes, for the drawing</source>
   <translation>Formen, für die Zeichnung</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The drawing {name!r} is not saved. Save it?</source>
   <translation>Die Zeichnung {name!r} ist nicht gespeichert. Speichern?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The file cannot hold</source>
   <translation>Die Datei kann nicht aufnehmen</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>There is no plan yet</source>
   <translation>Es gibt noch keinen Plan</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Warten: der Plan wird geprüft</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>What is {file} to be?</source>
   <translation>Was soll {file} sein?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Written: {files}</source>
   <translation>Geschrieben: {files}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>leave them out</source>
   <translation>weglassen</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>{n} shapes do not say what they are. They are:</source>
   <translation>{n} Formen sagen nicht, was sie sind. Sie sind:</translation>
  </message>
 </context>
 <context>
  <name>FindingsList</name>
  <message>
   <location filename="../planner/findings.py" />
   <source> (plan {n})</source>
   <translation> (Plan {n})</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>... and {n} more</source>
   <translation>... und {n} weitere</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checked: no errors. Warnings: {m}</source>
   <translation>Geprüft: keine Fehler. Warnungen: {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checking ...</source>
   <translation>Wird geprüft ...</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>ERROR</source>
   <translation>FEHLER</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Errors that forbid an upload: {n}. Warnings: {m}</source>
   <translation>Fehler, die das Senden verbieten: {n}. Warnungen: {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Findings</source>
   <translation>Befunde</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Note</source>
   <translation>Notiz</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Nothing is drawn yet</source>
   <translation>Noch nichts gezeichnet</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Repair (Shift+R)</source>
   <translation>Reparieren (Shift+R)</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>The drawing has no errors. No patrol is asked for yet</source>
   <translation>Die Zeichnung hat keine Fehler. Noch keine Streife angefordert</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Warning</source>
   <translation>Warnung</translation>
  </message>
 </context>
 <context>
  <name>FlightDisplay</name>
  <message>
   <location filename="../flight/display.py" />
   <source>NOT LIVE, heard {age} ago</source>
   <translation>NICHT AKTUELL, gehört vor {age}</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>armed</source>
   <translation>scharf</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>disarmed</source>
   <translation>entschärft</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>item {number} of {total}</source>
   <translation>Punkt {number} von {total}</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>kt over ground</source>
   <translation>kt über Grund</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>m/s over ground</source>
   <translation>m/s über Grund</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no aircraft</source>
   <translation>kein Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no attitude</source>
   <translation>keine Fluglage</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind not told</source>
   <translation>Wind nicht gemeldet</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind {value} {unit}
from {direction}°</source>
   <translation>Wind {value} {unit}
aus {direction}°</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{unit} above home</source>
   <translation>{unit} über Start</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{value} {unit} AMSL</source>
   <translation>{value} {unit} ü. NN</translation>
  </message>
 </context>
 <context>
  <name>GoToDialog</name>
  <message>
   <location filename="../map/goto.py" />
   <source>Degrees, degrees and minutes, UTM or MGRS:</source>
   <translation>Grad, Grad und Minuten, UTM oder MGRS:</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go</source>
   <translation>Los</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go to coordinate</source>
   <translation>Gehe zu Koordinate</translation>
  </message>
 </context>
 <context>
  <name>GroupPanel</name>
  <message>
   <location filename="../flight/group.py" />
   <source>Confirm</source>
   <translation>Bestätigen</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Prepare</source>
   <translation>Vorbereiten</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>The order lapsed: nothing was sent.</source>
   <translation>Der Befehl ist verfallen: nichts wurde gesendet.</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Waiting for the aircraft …</source>
   <translation>Wartet auf das Luftfahrzeug …</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>not heard</source>
   <translation>nicht zu hören</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>{order} for {names}: hold Confirm within {seconds} s</source>
   <translation>{order} für {names}: Bestätigen binnen {seconds} s halten</translation>
  </message>
 </context>
 <context>
  <name>GuidePanel</name>
  <message>
   <location filename="../craft/guide.py" />
   <source>I know my way now</source>
   <translation>Ich kenne mich jetzt aus</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Show: {panel}</source>
   <translation>Zeigen: {panel}</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>That was a whole patrol.</source>
   <translation>Das war eine ganze Streife.</translation>
  </message>
 </context>
 <context>
  <name>HoldButton</name>
  <message>
   <location filename="../panels/common.py" />
   <source>Hold it for {seconds} s</source>
   <translation>{seconds} s gedrückt halten</translation>
  </message>
 </context>
 <context>
  <name>HoleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that gets the hole first</source>
   <translation>Zuerst die Form wählen, die das Loch bekommt</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Cut a hole</source>
   <translation>Loch schneiden</translation>
  </message>
 </context>
 <context>
  <name>JoystickReader</name>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>; moved last: {what}</source>
   <translation>; zuletzt bewegt: {what}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}</source>
   <translation>Joystick {name}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}: hold button {n}</source>
   <translation>Joystick {name}: Knopf {n} halten</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>No joystick is plugged in.</source>
   <translation>Kein Joystick angeschlossen.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>The joystick is gone: the camera was stopped.</source>
   <translation>Der Joystick ist weg: die Kamera wurde angehalten.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>axis {n}</source>
   <translation>Achse {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>button {n}</source>
   <translation>Knopf {n}</translation>
  </message>
 </context>
 <context>
  <name>JoystickRows</name>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis to the sides</source>
   <translation>Joystick: Achse zur Seite</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis up and down</source>
   <translation>Joystick: Achse auf und ab</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: button that is held meanwhile</source>
   <translation>Joystick: Knopf, der dabei gehalten wird</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: still zone in the middle</source>
   <translation>Joystick: ruhiger Bereich in der Mitte</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Pushed forward it looks up</source>
   <translation>Nach vorn gedrückt blickt sie nach oben</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>The joystick turns the camera</source>
   <translation>Der Joystick dreht die Kamera</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>none: as soon as it is moved</source>
   <translation>keiner: sobald er bewegt wird</translation>
  </message>
 </context>
 <context>
  <name>KeysPage</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Command</source>
   <translation>Befehl</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Key</source>
   <translation>Taste</translation>
  </message>
 </context>
 <context>
  <name>Lamp</name>
  <message>
   <location filename="../panels/common.py" />
   <source>no data</source>
   <translation>keine Daten</translation>
  </message>
 </context>
 <context>
  <name>Legend</name>
  <message>
   <location filename="../map/legend.py" />
   <source>Layers (L)</source>
   <translation>Ebenen (L)</translation>
  </message>
  <message>
   <location filename="../map/legend.py" />
   <source>{n} not live</source>
   <translation>{n} nicht aktuell</translation>
  </message>
 </context>
 <context>
  <name>MapBar</name>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file</source>
   <translation>Kartendatei hinzufügen</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file …</source>
   <translation>Kartendatei hinzufügen …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Address with {z}, {x} and {y}; empty for none. Every tile is kept on this machine.</source>
   <translation>Adresse mit {z}, {x} und {y}; leer für keinen. Jede Kachel wird auf diesem Rechner behalten.</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Background</source>
   <translation>Hintergrund</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Coordinates</source>
   <translation>Koordinaten</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Follow (Shift+F)</source>
   <translation>Folgen (Umschalt+F)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Go to (G)</source>
   <translation>Gehe zu (G)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep this place</source>
   <translation>Diesen Ort behalten</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep what is shown now …</source>
   <translation>Das jetzt Gezeigte behalten …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>MGRS</source>
   <translation>MGRS</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Maps</source>
   <translation>Karten</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Measure (M)</source>
   <translation>Messen (M)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Name:</source>
   <translation>Name:</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Places</source>
   <translation>Orte</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Remove</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server</source>
   <translation>Kachelserver</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server …</source>
   <translation>Kachelserver …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>UTM</source>
   <translation>UTM</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>decimal degrees</source>
   <translation>Dezimalgrad</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes</source>
   <translation>Grad, Minuten</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes, seconds</source>
   <translation>Grad, Minuten, Sekunden</translation>
  </message>
 </context>
 <context>
  <name>MapView</name>
  <message>
   <location filename="../map/view.py" />
   <source>Centre here</source>
   <translation>Hier zentrieren</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Choose aircraft {n}</source>
   <translation>Luftfahrzeug {n} wählen</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Copy {place}</source>
   <translation>{place} kopieren</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>The map follows the aircraft</source>
   <translation>Die Karte folgt dem Luftfahrzeug</translation>
  </message>
 </context>
 <context>
  <name>NeighbourPanel</name>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>Kein Nachbar ist eingerichtet: nichts wird geteilt.</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>connected</source>
   <translation>verbunden</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>last receipt {age} ago</source>
   <translation>letzte Quittung vor {age}</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not connected</source>
   <translation>nicht verbunden</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not known for {age}</source>
   <translation>seit {age} nicht bekannt</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>{stored} messages stored by them, {waiting} waiting, {withheld} withheld by the agreement, {received} received</source>
   <translation>{stored} Meldungen bei ihnen gespeichert, {waiting} warten, {withheld} vom Abkommen zurückgehalten, {received} empfangen</translation>
  </message>
 </context>
 <context>
  <name>OverrideDialog</name>
  <message>
   <location filename="../flight/override.py" />
   <source>Do not start</source>
   <translation>Nicht starten</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Reason</source>
   <translation>Grund</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send a plan that has errors</source>
   <translation>Einen Plan mit Fehlern senden</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it all the same</source>
   <translation>Trotzdem senden</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start aircraft {name} against the list</source>
   <translation>Luftfahrzeug {name} gegen die Liste starten</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start anyway</source>
   <translation>Trotzdem starten</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The checks forbid this plan. Your name and reason are logged before anything is sent.</source>
   <translation>Die Prüfung verbietet diesen Plan. Name und Grund werden festgehalten, bevor etwas gesendet wird.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>The list has not been read.</source>
   <translation>Die Liste wurde nicht gelesen.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>These forbid the start:</source>
   <translation>Dies verbietet den Start:</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Who answers for it</source>
   <translation>Wer es verantwortet</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Why</source>
   <translation>Warum</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Your name</source>
   <translation>Ihr Name</translation>
  </message>
 </context>
 <context>
  <name>PairsBox</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Different</source>
   <translation>Verschieden</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Same</source>
   <translation>Dieselbe</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>This station cannot keep a verdict on a pair.</source>
   <translation>Diese Station kann kein Urteil über ein Paar speichern.</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>kept</source>
   <translation>gespeichert</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>not renewed for {age}</source>
   <translation>seit {age} nicht erneuert</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{metres} m apart; the station says: {state}</source>
   <translation>{metres} m auseinander; die Station sagt: {state}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{name} says: {verdict}</source>
   <translation>{name} sagt: {verdict}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{theirs} of {peer} and our {ours}</source>
   <translation>{theirs} von {peer} und unsere {ours}</translation>
  </message>
 </context>
 <context>
  <name>PeriodDialog</name>
  <message>
   <location filename="../replay/period.py" />
   <source>At most {hours} hours at once.</source>
   <translation>Höchstens {hours} Stunden auf einmal.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>From (UTC)</source>
   <translation>Von (UTC)</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>It ends before it begins.</source>
   <translation>Sie endet, bevor sie beginnt.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Replay</source>
   <translation>Aufzeichnung ansehen</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Show it</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>To (UTC)</source>
   <translation>Bis (UTC)</translation>
  </message>
 </context>
 <context>
  <name>PictureWidget</name>
  <message>
   <location filename="../video/picture.py" />
   <source>LIVE</source>
   <translation>LIVE</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NO BOXES: last analysed {seconds} s ago</source>
   <translation>KEINE RAHMEN: zuletzt vor {seconds} s ausgewertet</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NOT LIVE   {seconds} s ago</source>
   <translation>NICHT LIVE   vor {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>STALE PICTURE  {seconds} s</source>
   <translation>ALTES BILD  {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>Video {stream}</source>
   <translation>Video {stream}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>boxes carried on {ms} ms</source>
   <translation>Rahmen {ms} ms fortgeführt</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no position: the tracks of this frame have not come</source>
   <translation>keine Position: die Spuren dieses Bildes fehlen noch</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no video yet</source>
   <translation>noch kein Video</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>not on the map: </source>
   <translation>nicht auf der Karte: </translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>picture age {age}</source>
   <translation>Bildalter {age}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>{range} m away</source>
   <translation>{range} m entfernt</translation>
  </message>
 </context>
 <context>
  <name>PlannerSession</name>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete corner</source>
   <translation>Ecke löschen</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete shape</source>
   <translation>Form löschen</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Done again: {step}</source>
   <translation>Wiederholt: {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Draw</source>
   <translation>Zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Merge</source>
   <translation>Verbinden</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Recover</source>
   <translation>Wiederherstellen</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repair</source>
   <translation>Reparieren</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repaired: {what}</source>
   <translation>Repariert: {what}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Undone: {step}</source>
   <translation>Rückgängig: {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>nothing had to be repaired</source>
   <translation>nichts war zu reparieren</translation>
  </message>
 </context>
 <context>
  <name>PlannerView</name>
  <message>
   <location filename="../planner/view.py" />
   <source>A console ended without saving</source>
   <translation>Eine Konsole endete ohne zu speichern</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Aircraft holds</source>
   <translation>Im Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change</source>
   <translation>Ändern</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change the limits</source>
   <translation>Grenzwerte ändern</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click on the map</source>
   <translation>Auf die Karte klicken</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners of the hole; a double click ends</source>
   <translation>Ecken des Lochs klicken; Doppelklick beendet</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners; a double click or Enter ends, Backspace takes one back</source>
   <translation>Ecken klicken; Doppelklick oder Enter beendet, Rücktaste nimmt eine zurück</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Cut a hole</source>
   <translation>Loch schneiden</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw</source>
   <translation>Zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a circle</source>
   <translation>Kreis zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a corridor</source>
   <translation>Korridor zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line</source>
   <translation>Linie zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line right across the shape; a double click ends</source>
   <translation>Eine Linie ganz durch die Form zeichnen; Doppelklick beendet</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a point</source>
   <translation>Punkt zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a polygon</source>
   <translation>Vieleck zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Drawn: {name}</source>
   <translation>Gezeichnet: {name}</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the drawing ...</source>
   <translation>Zeichnung exportieren ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the plan ...</source>
   <translation>Plan exportieren ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>File</source>
   <translation>Datei</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Import a file of another program ...</source>
   <translation>Datei eines anderen Programms importieren ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>It had drawn {name!r} with {n} shapes. Take it up again?</source>
   <translation>Sie hatte {name!r} mit {n} Formen gezeichnet. Wieder aufnehmen?</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon</source>
   <translation>In Vieleck umwandeln</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon of a circle or corridor</source>
   <translation>Kreis oder Korridor in Vieleck umwandeln</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Merge</source>
   <translation>Verbinden</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Name of the patrol</source>
   <translation>Name der Streife</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: nothing drawn</source>
   <translation>Neu: nichts gezeichnet</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: the station's area</source>
   <translation>Neu: das Gebiet der Station</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Open ...</source>
   <translation>Öffnen ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Patrol</source>
   <translation>Streife</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Press at the centre and drag to the edge</source>
   <translation>In der Mitte drücken und zum Rand ziehen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Redo</source>
   <translation>Wiederholen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Rename</source>
   <translation>Umbenennen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Repair</source>
   <translation>Reparieren</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save</source>
   <translation>Speichern</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save as ...</source>
   <translation>Speichern als ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Split</source>
   <translation>Teilen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Taken up again: it is not saved yet</source>
   <translation>Wieder aufgenommen: noch nicht gespeichert</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Turn a line round</source>
   <translation>Linie umdrehen</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>{role}: cannot be drawn like that</source>
   <translation>{role}: kann so nicht gezeichnet werden</translation>
  </message>
 </context>
 <context>
  <name>PointsTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>At least {n} points are needed: click on the map</source>
   <translation>Mindestens {n} Punkte sind nötig: auf die Karte klicken</translation>
  </message>
 </context>
 <context>
  <name>ReplayBar</name>
  <message>
   <location filename="../replay/bar.py" />
   <source>Back to live</source>
   <translation>Zurück zu live</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>LIVE: {count} alerts wait</source>
   <translation>LIVE: {count} Alarme warten</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Moment of the replay</source>
   <translation>Zeitpunkt der Aufzeichnung</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Play</source>
   <translation>Abspielen</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>REPLAY, NOT LIVE</source>
   <translation>AUFZEICHNUNG, NICHT LIVE</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Speed of the replay</source>
   <translation>Geschwindigkeit der Aufzeichnung</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Stop</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>{moment} reading …</source>
   <translation>{moment} wird gelesen …</translation>
  </message>
 </context>
 <context>
  <name>SettingsPage</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>A sound with each alert</source>
   <translation>Ein Ton bei jedem Alarm</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>As the machine</source>
   <translation>Wie der Rechner</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Colours</source>
   <translation>Farben</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Height of the text in pixels</source>
   <translation>Höhe der Schrift in Pixeln</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Kept in: {path}</source>
   <translation>Abgelegt in: {path}</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Language (when the console is opened again)</source>
   <translation>Sprache (beim nächsten Öffnen der Konsole)</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Speak alerts</source>
   <translation>Alarme sprechen</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Units of the flight display</source>
   <translation>Einheiten der Fluganzeige</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>nowhere: they are forgotten at the end</source>
   <translation>nirgends: am Ende vergessen</translation>
  </message>
 </context>
 <context>
  <name>ShapeForm</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Add corner</source>
   <translation>Ecke hinzufügen</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Buffer</source>
   <translation>Abstand</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Change {name}</source>
   <translation>{name} ändern</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates</source>
   <translation>Koordinaten</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates written as</source>
   <translation>Koordinaten geschrieben als</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Corner (type or paste any form)</source>
   <translation>Ecke (jede Schreibweise tippen oder einfügen)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Delete corner</source>
   <translation>Ecke löschen</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>From height</source>
   <translation>Ab Höhe</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Half width</source>
   <translation>Halbe Breite</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Its top</source>
   <translation>Seine Spitze</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its left</source>
   <translation>Land zur Linken</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its right</source>
   <translation>Land zur Rechten</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>New corner</source>
   <translation>Neue Ecke</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>No shape is chosen: click one on the map</source>
   <translation>Keine Form gewählt: eine auf der Karte anklicken</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Ours is</source>
   <translation>Unseres ist</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste corners</source>
   <translation>Ecken einfügen</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste list</source>
   <translation>Liste einfügen</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Radius</source>
   <translation>Radius</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Type a corner</source>
   <translation>Ecke tippen</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Up to height</source>
   <translation>Bis Höhe</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>When</source>
   <translation>Wann</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>always; or Mo-Fr 22:00-04:00 (UTC)</source>
   <translation>immer; oder Mo-Fr 22:00-04:00 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>hole {n}, {k}</source>
   <translation>Loch {n}, {k}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>{n} shapes are chosen</source>
   <translation>{n} Formen sind gewählt</translation>
  </message>
 </context>
 <context>
  <name>ShiftView</name>
  <message>
   <location filename="../shift/view.py" />
   <source>Entry in the log book</source>
   <translation>Eintrag ins Wachbuch</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Handover sheet</source>
   <translation>Übergabeblatt</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Kind</source>
   <translation>Art</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Read again</source>
   <translation>Neu lesen</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Replay …</source>
   <translation>Aufzeichnung …</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Search: words that must all be there</source>
   <translation>Suche: Wörter, die alle vorkommen müssen</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Text</source>
   <translation>Text</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>The station did not hand over its log book.</source>
   <translation>Die Station hat ihr Wachbuch nicht bereitgestellt.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>There is no folder to write the sheet to.</source>
   <translation>Es gibt keinen Ordner für das Blatt.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>This console cannot open another window.</source>
   <translation>Diese Konsole kann kein weiteres Fenster öffnen.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>What</source>
   <translation>Was</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Who</source>
   <translation>Wer</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Write</source>
   <translation>Eintragen</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the newest {count} shown</source>
   <translation>die neuesten {count} gezeigt</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>{count} lines</source>
   <translation>{count} Zeilen</translation>
  </message>
 </context>
 <context>
  <name>SplitTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that is to be cut first</source>
   <translation>Zuerst die Form wählen, die geteilt wird</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Split</source>
   <translation>Teilen</translation>
  </message>
 </context>
 <context>
  <name>StatusStrip</name>
  <message>
   <location filename="../status_bar.py" />
   <source>1 fault</source>
   <translation>1 Störung</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Alerts</source>
   <translation>Alarme</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Battery</source>
   <translation>Batterie</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Click: show the alerts</source>
   <translation>Klick: Alarme zeigen</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Fence</source>
   <translation>Zaun</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Flight</source>
   <translation>Flug</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Link</source>
   <translation>Verbindung</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Neighbour</source>
   <translation>Nachbar</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Position</source>
   <translation>Position</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Station</source>
   <translation>Station</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Video</source>
   <translation>Video</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>cut, {count} wait</source>
   <translation>getrennt, {count} warten</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no data</source>
   <translation>keine Daten</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no fault</source>
   <translation>keine Störung</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>none waiting</source>
   <translation>keiner wartet</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>not set up</source>
   <translation>nicht eingerichtet</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>old {age}</source>
   <translation>alt {age}</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>on the ground</source>
   <translation>am Boden</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>unknown</source>
   <translation>unbekannt</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} faults</source>
   <translation>{count} Störungen</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} stored</source>
   <translation>{count} gespeichert</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} waiting</source>
   <translation>{count} warten</translation>
  </message>
 </context>
 <context>
  <name>TelemetryPanel</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Battery</source>
   <translation>Batterie</translation>
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
   <translation>Höhe über Start</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Mode</source>
   <translation>Modus</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Satellites</source>
   <translation>Satelliten</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Speed</source>
   <translation>Geschwindigkeit</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Waypoint</source>
   <translation>Wegpunkt</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>and {count} more</source>
   <translation>und {count} weitere</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>no fix</source>
   <translation>kein Fix</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · entschärft</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{number} of {total}</source>
   <translation>{number} von {total}</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{title}: NOT LIVE, heard {age} ago</source>
   <translation>{title}: NICHT AKTUELL, gehört vor {age}</translation>
  </message>
 </context>
 <context>
  <name>UploadPage</name>
  <message>
   <location filename="../planner/upload.py" />
   <source> It holds: {what}.</source>
   <translation> Es hält: {what}.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n}</source>
   <translation>Luftfahrzeug {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} can only be watched</source>
   <translation>Luftfahrzeug {n} kann nur beobachtet werden</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is being sent a plan</source>
   <translation>An Luftfahrzeug {n} wird gerade ein Plan gesendet</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is flying: plans are sent on the ground</source>
   <translation>Luftfahrzeug {n} fliegt: Pläne werden am Boden gesendet</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Errors that forbid the upload: {n}</source>
   <translation>Fehler, die das Senden verbieten: {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>FAILED: {why}.{holds}</source>
   <translation>GESCHEITERT: {why}.{holds}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Goes to</source>
   <translation>Geht an</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>IN KRAFT: zurückgelesen und gleich</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is a plan only when the aircraft has read it back, identical.</source>
   <translation>In Kraft ist ein Plan erst, wenn das Luftfahrzeug ihn unverändert zurückgemeldet hat.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is the plan as sent at {t}; it was changed here since</source>
   <translation>In Kraft ist der Plan, wie er um {t} gesendet wurde; hier wurde er seither geändert</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is {name}, not sent from this board: compare before you rely on it</source>
   <translation>In Kraft ist {name}, nicht von hier gesendet: vergleichen, bevor man sich darauf verlässt</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No aircraft was heard yet</source>
   <translation>Noch kein Luftfahrzeug gehört</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No link to aircraft {n}</source>
   <translation>Keine Verbindung zu Luftfahrzeug {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No station is connected: nothing can be sent</source>
   <translation>Keine Station verbunden: nichts kann gesendet werden</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent from this console</source>
   <translation>Von dieser Konsole wurde nichts gesendet</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent: {why}</source>
   <translation>Nichts wurde gesendet: {why}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it in spite of the errors ...</source>
   <translation>Trotz der Fehler senden ...</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Sent at {t}, no answer yet</source>
   <translation>Gesendet um {t}, noch keine Antwort</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The plan has changed meanwhile: look at it again</source>
   <translation>Der Plan hat sich inzwischen geändert: noch einmal ansehen</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>There is no plan yet</source>
   <translation>Es gibt noch keinen Plan</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>This drawing is not the area that the station runs with: the aircraft gets these fences, the station goes on judging plans and crossings by its own.</source>
   <translation>Diese Zeichnung ist nicht das Gebiet, mit dem die Station läuft: Das Luftfahrzeug bekommt diese Zäune, die Station beurteilt Pläne und Übertritte weiter nach ihrem eigenen.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Two plans go to the same aircraft: choose another</source>
   <translation>Zwei Pläne gehen an dasselbe Luftfahrzeug: ein anderes wählen</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Upload</source>
   <translation>Hochladen</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Warten: der Plan wird geprüft</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>checking</source>
   <translation>wird geprüft</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>given up</source>
   <translation>aufgegeben</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>reading back</source>
   <translation>wird zurückgelesen</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>uploading</source>
   <translation>wird hochgeladen</translation>
  </message>
 </context>
 <context>
  <name>VideoView</name>
  <message>
   <location filename="../video/view.py" />
   <source>All</source>
   <translation>Alle</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Boxes</source>
   <translation>Rahmen</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Colours of a thermal picture, on this screen only</source>
   <translation>Farben eines Wärmebildes, nur auf diesem Bildschirm</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Lines</source>
   <translation>Linien</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Live</source>
   <translation>Live</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Pause</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record</source>
   <translation>Aufnehmen</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record the stream as received</source>
   <translation>Den Strom aufnehmen, wie er empfangen wird</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Snapshot</source>
   <translation>Standbild</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Step back</source>
   <translation>Zurückblicken</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>The station did not hand over its recordings.</source>
   <translation>Die Station hat ihre Aufnahmen nicht bereitgestellt.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>There is no video yet.</source>
   <translation>Es gibt noch kein Video.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>kept as {file}</source>
   <translation>behalten als {file}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>recording ended: {count} files {detail}</source>
   <translation>Aufnahme beendet: {count} Dateien {detail}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>state of the stream not known for {age}</source>
   <translation>Zustand des Stroms seit {age} nicht bekannt</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>the snapshot could not be kept: {error}</source>
   <translation>das Standbild konnte nicht behalten werden: {error}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>there is no picture to keep</source>
   <translation>es gibt kein Bild zum Behalten</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>was recording</source>
   <translation>zeichnete auf</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>{seconds} s back</source>
   <translation>{seconds} s zurück</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>◀ 5 s</source>
   <translation>◀ 5 s</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>● RECORDING {seconds} s</source>
   <translation>● AUFNAHME {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>Wizard</name>
  <message>
   <location filename="../planner/wizard.py" />
   <source>1 See</source>
   <translation>1 Sehen</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>2 How often</source>
   <translation>2 Wie oft</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>3 Who flies</source>
   <translation>3 Wer fliegt</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>4 Check</source>
   <translation>4 Prüfen</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>5 Upload</source>
   <translation>5 Senden</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Aircraft</source>
   <translation>Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ask for a patrol</source>
   <translation>Streife anfordern</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Back</source>
   <translation>Zurück</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Change the patrol</source>
   <translation>Streife ändern</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Checking ...</source>
   <translation>Wird geprüft ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Distance from the border</source>
   <translation>Abstand zur Grenze</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw a keep-out zone</source>
   <translation>Sperrzone zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw it on the map</source>
   <translation>Auf der Karte zeichnen</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every</source>
   <translation>Alle</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every finding stands below; a click on one takes the map there.</source>
   <translation>Alle Befunde stehen unten; ein Klick führt die Karte dorthin.</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures from a file ...</source>
   <translation>Werte aus einer Datei ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures of an aircraft</source>
   <translation>Werte eines Luftfahrzeugs</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>From, along the border</source>
   <translation>Von, entlang der Grenze</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Height above ground</source>
   <translation>Höhe über Grund</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How</source>
   <translation>Wie</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How many</source>
   <translation>Wie viele</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How often is it to be seen?</source>
   <translation>Wie oft soll es gesehen werden?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Left of the line (right: minus)</source>
   <translation>Links der Linie (rechts: minus)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Next</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>No patrol is asked for yet</source>
   <translation>Noch keine Streife angefordert</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Not to be flown: {first}</source>
   <translation>Nicht zu fliegen: {first}</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Radius</source>
   <translation>Radius</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ready to be uploaded: no errors</source>
   <translation>Bereit zum Senden: keine Fehler</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Stand for</source>
   <translation>Stehen für</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Take-off</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Takes off at</source>
   <translation>Startet bei</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>The border is {m} m long</source>
   <translation>Die Grenze ist {m} m lang</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>To</source>
   <translation>Bis</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Watch lasts</source>
   <translation>Wache dauert</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>What is to be seen?</source>
   <translation>Was soll gesehen werden?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Which one</source>
   <translation>Welches</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Who flies, and how?</source>
   <translation>Wer fliegt, und wie?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind</source>
   <translation>Wind</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind from</source>
   <translation>Wind aus</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>battery left {p} %</source>
   <translation>Akku übrig {p} %</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>how long a place is out of sight: being worked out</source>
   <translation>wie lange ein Ort außer Sicht ist: wird berechnet</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>none yet</source>
   <translation>noch keines</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>now; or 20:30 (UTC)</source>
   <translation>jetzt; oder 20:30 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>out of sight at most {s} s</source>
   <translation>höchstens {s} s außer Sicht</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>the first, or whichever is best</source>
   <translation>der erste, oder der beste</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{km} km</source>
   <translation>{km} km</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{n} rounds</source>
   <translation>{n} Runden</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{speed} m/s, {time} in the air, wind up to {wind} m/s</source>
   <translation>{speed} m/s, {time} in der Luft, Wind bis {wind} m/s</translation>
  </message>
 </context>
 <context>
  <name>_HeightField</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above ground</source>
   <translation>m über Grund</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above home</source>
   <translation>m über Startpunkt</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above sea level</source>
   <translation>m über dem Meer</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>none</source>
   <translation>keiner</translation>
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
   <translation>Tier</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Approaching the border</source>
   <translation>Nähert sich der Grenze</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>CALL FOR HELP</source>
   <translation>HILFERUF</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>CORRECTED by the neighbour</source>
   <translation>Vom Nachbarn BERICHTIGT</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Confirmed</source>
   <translation>Bestätigt</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Crossing</source>
   <translation>Übertritt</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>ESCALATED</source>
   <translation>ESKALIERT</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>False alarm</source>
   <translation>Fehlalarm</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Group</source>
   <translation>Gruppe</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>It is the neighbour's own.</source>
   <translation>Er ist vom Nachbarn selbst.</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Leave it there</source>
   <translation>Dort lassen</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Loitering</source>
   <translation>Hält sich auf</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>NOT ACKNOWLEDGED {time}</source>
   <translation>NICHT QUITTIERT {time}</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>NOT SAVED YET: the station's disk does not take it</source>
   <translation>NOCH NICHT GESPEICHERT: die Platte der Station nimmt es nicht an</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Needs help</source>
   <translation>Braucht Hilfe</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour has been heard yet.</source>
   <translation>Noch kein Nachbar wurde gehört.</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>Kein Nachbar ist eingerichtet: nichts wird geteilt.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Own patrol</source>
   <translation>Eigene Streife</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Person down: help needed?</source>
   <translation>Person am Boden: Hilfe nötig?</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>TAKEN BACK by the neighbour</source>
   <translation>Vom Nachbarn ZURÜCKGENOMMEN</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>THEIRS: {peer}</source>
   <translation>VOM NACHBARN: {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Take it back</source>
   <translation>Zurücknehmen</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The record of a neighbour's incident is the neighbour's.</source>
   <translation>Die Akte eines Ereignisses des Nachbarn liegt beim Nachbarn.</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The station did not hand over its records.</source>
   <translation>Die Station hat ihre Aufzeichnungen nicht bereitgestellt.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Vehicle stopped</source>
   <translation>Fahrzeug hält</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>WATCH</source>
   <translation>BEACHTEN</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>clip</source>
   <translation>Clip</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>handed to {peer}</source>
   <translation>an {peer} übergeben</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>left with the neighbour as it was told</source>
   <translation>beim Nachbarn gelassen, wie mitgeteilt</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>not classified</source>
   <translation>nicht eingeordnet</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>offered to {peer}; it stays ours until they accept</source>
   <translation>{peer} angeboten; bleibt bei uns, bis er annimmt</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>person</source>
   <translation>Person</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>place unknown</source>
   <translation>Ort unbekannt</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>probability not told</source>
   <translation>Wahrscheinlichkeit nicht gemeldet</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>saved</source>
   <translation>gespeichert</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by the neighbour</source>
   <translation>vom Nachbarn gesehen</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by {name} {time}</source>
   <translation>gesehen von {name} {time}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>taken back from the neighbour: {reason}</source>
   <translation>vom Nachbarn zurückgenommen: {reason}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>the procedure proposes this</source>
   <translation>so schlägt es die Anweisung vor</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>the report is being made …</source>
   <translation>der Bericht wird erstellt …</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>to</source>
   <translation>nach</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>two-wheeler</source>
   <translation>Zweirad</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>vehicle</source>
   <translation>Fahrzeug</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>{peer} tells: </source>
   <translation>{peer} meldet: </translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>{verdict}: take back what the neighbour was told of this?</source>
   <translation>{verdict}: Zurücknehmen, was der Nachbar davon weiß?</translation>
  </message>
 </context>
 <context>
  <name>crash</name>
  <message>
   <location filename="../craft/crash.py" />
   <source>A part of the console failed and the rest goes on: {error}. Report: {path}</source>
   <translation>Ein Teil der Konsole ist ausgefallen, der Rest läuft weiter: {error}. Bericht: {path}</translation>
  </message>
  <message>
   <location filename="../craft/crash.py" />
   <source>nowhere: the disk did not take it</source>
   <translation>nirgends: die Platte nahm ihn nicht</translation>
  </message>
 </context>
 <context>
  <name>flight</name>
  <message>
   <location filename="../flight/words.py" />
   <source>AREAS LEFT OUT</source>
   <translation>GEBIETE FEHLEN</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>BREACHED</source>
   <translation>VERLETZT</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>LOST {age}</source>
   <translation>VERLOREN {age}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT good</source>
   <translation>NICHT gut</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT in force</source>
   <translation>NICHT in Kraft</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>Nothing is heard. The aircraft takes its own lost-link action; orders do not reach it.</source>
   <translation>Nichts ist zu hören. Das Luftfahrzeug handelt selbst wie bei Verbindungsverlust; Befehle erreichen es nicht.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft does not trust its own position.</source>
   <translation>Das Luftfahrzeug traut seiner eigenen Position nicht.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft holds no fence.</source>
   <translation>Das Luftfahrzeug hat keinen Zaun.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft is outside its fence.</source>
   <translation>Das Luftfahrzeug ist außerhalb seines Zauns.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft keeps a fence that this station has not verified.</source>
   <translation>Das Luftfahrzeug hält einen Zaun ein, den diese Station nicht geprüft hat.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft's fence is off.</source>
   <translation>Der Zaun des Luftfahrzeugs ist aus.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The traffic receiver has gone quiet.</source>
   <translation>Der Verkehrsempfänger schweigt.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>clear</source>
   <translation>frei</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>in force</source>
   <translation>in Kraft</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no fault</source>
   <translation>keine Störung</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no receiver is heard</source>
   <translation>kein Empfänger ist zu hören</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>none</source>
   <translation>keiner</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>not known</source>
   <translation>nicht bekannt</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on arming</source>
   <translation>beim Scharfschalten</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on, not ours</source>
   <translation>an, nicht unserer</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>only reports</source>
   <translation>meldet nur</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft tells nothing of its battery</source>
   <translation>das Luftfahrzeug sagt nichts über seine Batterie</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft's own reckoning of the time until it is empty</source>
   <translation>eigene Rechnung des Luftfahrzeugs, bis sie leer ist</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>time until 20 % are left, from how it goes down</source>
   <translation>Zeit bis 20 % übrig sind, aus dem Verlauf</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>until a restart</source>
   <translation>bis zum Neustart</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>was {word}</source>
   <translation>war {word}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{count} sats</source>
   <translation>{count} Sat.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{difference} m in height, nearest in {seconds} s at {metres} m</source>
   <translation>{difference} m Höhe, am nächsten in {seconds} s auf {metres} m</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{fault}  (+{more})</source>
   <translation>{fault}  (+{more})</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · entschärft</translation>
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
   <translation>Anhalten</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Return</source>
   <translation>Zurück</translation>
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
   <translation>Alarme: auswählen, ansehen, dann quittieren.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An aircraft is heard</source>
   <translation>Ein Luftfahrzeug ist zu hören</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An alert comes</source>
   <translation>Ein Alarm kommt</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Answer it</source>
   <translation>Darauf antworten</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Before the flight: press Read the list. Do what it asks for until it says May start.</source>
   <translation>Vor dem Flug: Liste lesen drücken. Tun, was sie verlangt, bis sie den Start freigibt.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Bring it home</source>
   <translation>Nach Hause holen</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Return for a second. F8 makes it hold still at any time.</source>
   <translation>Befehle: Rückkehr eine Sekunde halten. F8 lässt sie jederzeit stillstehen.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Start for a second. The aircraft takes off and follows the line.</source>
   <translation>Befehle: Start eine Sekunde halten. Die Drohne steigt auf und folgt der Linie.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Plan a patrol and send it</source>
   <translation>Eine Streife planen und senden</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Planner: read each page and press Next, four times: what is to be seen, how often, who flies, what the checks say. Then press Upload. Done when it says IN FORCE.</source>
   <translation>Planer: jede Seite lesen und Weiter drücken, viermal: was zu sehen ist, wie oft, wer fliegt, was die Prüfung sagt. Dann Senden drücken. Fertig, wenn dort IN KRAFT steht.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Read the list</source>
   <translation>Liste lesen</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Somebody crosses the border within a minute or two: the lamp Alerts tells it.</source>
   <translation>In ein, zwei Minuten überquert jemand die Grenze: die Lampe Alarme sagt es.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Start</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Wait until a row with its number stands at the top, and Position says its satellites.</source>
   <translation>Warten, bis oben eine Zeile mit seiner Nummer steht und Position die Satelliten nennt.</translation>
  </message>
 </context>
 <context>
  <name>keys</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Camera: turn, while its stick has the keyboard</source>
   <translation>Kamera: drehen, solange ihr Knüppel die Tastatur hat</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Choose an aircraft</source>
   <translation>Ein Luftfahrzeug wählen</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Hold position, at once</source>
   <translation>Position halten, sofort</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: age of what was seen</source>
   <translation>Karte: Alter des Gesehenen</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the aircraft</source>
   <translation>Karte: das Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the patrol</source>
   <translation>Karte: die Streife</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: whole area</source>
   <translation>Karte: ganzes Gebiet</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Next button; press or hold it</source>
   <translation>Nächster Knopf; drücken oder halten</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Return: hold the space bar</source>
   <translation>Zurück: Leertaste halten</translation>
  </message>
 </context>
 <context>
  <name>link</name>
  <message>
   <location filename="../link_lamp.py" />
   <source>alive</source>
   <translation>lebt</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>not measured</source>
   <translation>nicht gemessen</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>slow, {seconds} s</source>
   <translation>langsam, {seconds} s</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{hint}, over {name}</source>
   <translation>{hint}, über {name}</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost</source>
   <translation>{percent} % verloren</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost, round trip {time}</source>
   <translation>{percent} % verloren, Umlauf {time}</translation>
  </message>
 </context>
 <context>
  <name>map</name>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>(own side)</source>
   <translation>(eigene Seite)</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>, not seen for {n} s</source>
   <translation>, seit {n} s nicht gesehen</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>1 to 3 h ago</source>
   <translation>vor 1 bis 3 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>10 to 30 min ago</source>
   <translation>vor 10 bis 30 min</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>3 to 8 h ago</source>
   <translation>vor 3 bis 8 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>30 min to 1 h ago</source>
   <translation>vor 30 min bis 1 h</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>90 % ellipse; hollow: not seen now</source>
   <translation>90-%-Ellipse; hohl: jetzt nicht gesehen</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>; ceiling {n} m above home</source>
   <translation>; Obergrenze {n} m über Start</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>Age map</source>
   <translation>Alterskarte</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Air traffic</source>
   <translation>Luftverkehr</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Aircraft, way flown</source>
   <translation>Luftfahrzeug, geflogener Weg</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/ground.py" />
   <source>Area</source>
   <translation>Gebiet</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>Background</source>
   <translation>Hintergrund</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Border and its sides</source>
   <translation>Grenze und ihre Seiten</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Camera sees</source>
   <translation>Kamera sieht</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>Degrees</source>
   <translation>Grad</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Fences</source>
   <translation>Zäune</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <location filename="../map/layers/fences.py" />
   <source>Flight</source>
   <translation>Flug</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>H launch, R rally</source>
   <translation>H Start, R Sammelpunkt</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Incidents</source>
   <translation>Vorfälle</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Keep-out zones</source>
   <translation>Sperrzonen</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Launch, rally, obstacles</source>
   <translation>Start, Sammelpunkte, Hindernisse</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>MGRS grid</source>
   <translation>MGRS-Gitter</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <location filename="../map/layers/grid.py" />
   <source>Map</source>
   <translation>Karte</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>NO LINK</source>
   <translation>KEINE VERBINDUNG</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: last told {age} ago</source>
   <translation>NICHT bestätigt: zuletzt gemeldet vor {age}</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: the aircraft has not told that it acts</source>
   <translation>NICHT bestätigt: das Luftfahrzeug hat nicht gemeldet, dass er wirkt</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: {why}</source>
   <translation>NICHT bestätigt: {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Neighbour's tracks</source>
   <translation>Spuren des Nachbarn</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>No-look areas</source>
   <translation>Nicht anzusehende Gebiete</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/others.py" />
   <source>Others</source>
   <translation>Andere</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Own patrols</source>
   <translation>Eigene Streifen</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>Own tracks</source>
   <translation>Eigene Spuren</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Patrol</source>
   <translation>Streife</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <location filename="../map/layers/others.py" />
   <location filename="../map/layers/tracks.py" />
   <source>Seen</source>
   <translation>Gesehen</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Shared with the neighbour</source>
   <translation>Mit dem Nachbarn geteilt</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Wind and fence forecast</source>
   <translation>Wind und Zaunvorschau</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>acknowledged</source>
   <translation>quittiert</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>age map: nothing is known yet</source>
   <translation>Alterskarte: noch nichts bekannt</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic on collision course</source>
   <translation>Luftverkehr auf Kollisionskurs</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic, 30 s ahead</source>
   <translation>Luftverkehr, 30 s voraus</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>alarm, with its CE90</source>
   <translation>Alarm, mit seinem CE90</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>area {area}</source>
   <translation>Fläche {area}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>camera must not look
{name}</source>
   <translation>Kamera darf nicht hinsehen
{name}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>ceiling</source>
   <translation>Obergrenze</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>class not sure</source>
   <translation>Klasse unsicher</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the first corner</source>
   <translation>die erste Ecke anklicken</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the next</source>
   <translation>die nächste anklicken</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence</source>
   <translation>Zaun</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence forecast</source>
   <translation>Zaunvorhersage</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>fence {state}</source>
   <translation>Zaun {state}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>floor</source>
   <translation>Untergrenze</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>from {height} up</source>
   <translation>ab {height}</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground height not known</source>
   <translation>Geländehöhe unbekannt</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground {n} m AMSL</source>
   <translation>Gelände {n} m ü. NN</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force</source>
   <translation>in Kraft</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force, BREACHED</source>
   <translation>in Kraft, VERLETZT</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>keep out</source>
   <translation>Sperrgebiet</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>may not be looked at</source>
   <translation>darf nicht angesehen werden</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>more than 8 h ago</source>
   <translation>vor mehr als 8 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>never seen</source>
   <translation>nie gesehen</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>no answer: {names}</source>
   <translation>keine Antwort: {names}</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>not counted now: {why}</source>
   <translation>jetzt nicht gezählt: {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>not now: {hours} UTC</source>
   <translation>jetzt nicht: {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>notice</source>
   <translation>Hinweis</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>now: {hours} UTC</source>
   <translation>jetzt: {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>obstacle</source>
   <translation>Hindernis</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>person</source>
   <translation>Person</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>planned, NOT in force</source>
   <translation>geplant, NICHT in Kraft</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>seen less than 10 min ago</source>
   <translation>vor weniger als 10 min gesehen</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>shared with the neighbour inside</source>
   <translation>darin mit dem Nachbarn geteilt</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>someone may need help</source>
   <translation>jemand könnte Hilfe brauchen</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>stay inside</source>
   <translation>innen bleiben</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>two-wheeler</source>
   <translation>Zweirad</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>unsure</source>
   <translation>unsicher</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>up to {height}</source>
   <translation>bis {height}</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>vehicle</source>
   <translation>Fahrzeug</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>whole way {distance}</source>
   <translation>ganzer Weg {distance}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>will meet a fence</source>
   <translation>trifft auf einen Zaun</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind as the aircraft tells it, to where it blows</source>
   <translation>Wind, wie ihn das Luftfahrzeug meldet, wohin er weht</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind {n} m/s</source>
   <translation>Wind {n} m/s</translation>
  </message>
  <message>
   <location filename="../map/freshness.py" />
   <source>{age} old</source>
   <translation>{age} alt</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>{distance}, {bearing}° true</source>
   <translation>{distance}, {bearing}° rechtweisend</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: brake in {n} s</source>
   <translation>{fence}: in {n} s bremsen</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: cannot stop before it</source>
   <translation>{fence}: kann davor nicht halten</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>{name} (not in force)</source>
   <translation>{name} (nicht in Kraft)</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>{name}, top {height}</source>
   <translation>{name}, Spitze {height}</translation>
  </message>
 </context>
 <context>
  <name>menus</name>
  <message>
   <location filename="../menus.py" />
   <source>Another window</source>
   <translation>Noch ein Fenster</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Arrange panels</source>
   <translation>Felder anordnen</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>As at first</source>
   <translation>Wie am Anfang</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Close the console (the station goes on)</source>
   <translation>Konsole schließen (die Station läuft weiter)</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Colours</source>
   <translation>Farben</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Help</source>
   <translation>Hilfe</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep as…</source>
   <translation>Behalten als…</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep the layout</source>
   <translation>Anordnung behalten</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Larger text</source>
   <translation>Größere Schrift</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Layout</source>
   <translation>Anordnung</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next colours</source>
   <translation>Nächste Farben</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next panel</source>
   <translation>Nächstes Feld</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panel before</source>
   <translation>Voriges Feld</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panels shown</source>
   <translation>Gezeigte Felder</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Report: {path}</source>
   <translation>Bericht: {path}</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Share</source>
   <translation>Teilen</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Shift</source>
   <translation>Schicht</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Smaller text</source>
   <translation>Kleinere Schrift</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Station</source>
   <translation>Station</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>View</source>
   <translation>Ansicht</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Whole screen</source>
   <translation>Ganzer Bildschirm</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Write a report</source>
   <translation>Bericht schreiben</translation>
  </message>
 </context>
 <context>
  <name>pairs</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>cannot be compared</source>
   <translation>nicht vergleichbar</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>different</source>
   <translation>verschieden</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>the same</source>
   <translation>dieselbe</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>undecided</source>
   <translation>unentschieden</translation>
  </message>
 </context>
 <context>
  <name>plan</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>FAILED</source>
   <translation>FEHLGESCHLAGEN</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>IN KRAFT: zurückgelesen und gleich</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>checking the plan</source>
   <translation>Plan wird geprüft</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>no plan sent</source>
   <translation>kein Plan gesendet</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>reading back</source>
   <translation>wird zurückgelesen</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>uploading</source>
   <translation>wird hochgeladen</translation>
  </message>
 </context>
 <context>
  <name>planner</name>
  <message>
   <location filename="../planner/choices.py" />
   <source>A line (a road, a river)</source>
   <translation>Eine Linie (Straße, Fluss)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A point</source>
   <translation>Ein Punkt</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A stretch of the border</source>
   <translation>Ein Abschnitt der Grenze</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Again and again, as long as the battery gives</source>
   <translation>Immer wieder, solange der Akku reicht</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>An area</source>
   <translation>Ein Gebiet</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>At times nobody can foresee, on average every</source>
   <translation>Zu unvorhersehbaren Zeiten, im Mittel alle</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Border line</source>
   <translation>Grenzlinie</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Circle</source>
   <translation>Kreis</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Corridor</source>
   <translation>Korridor</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>Drawing</source>
   <translation>Zeichnung</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Flight area (stay inside)</source>
   <translation>Fluggebiet (darin bleiben)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Fly round it</source>
   <translation>Umfliegen</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Keep-out zone</source>
   <translation>Sperrgebiet</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Launch point</source>
   <translation>Startpunkt</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Line</source>
   <translation>Linie</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Never out of sight for longer than</source>
   <translation>Nie länger außer Sicht als</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>No-look area</source>
   <translation>Gebiet ohne Einblick</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Obstacle</source>
   <translation>Hindernis</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Once</source>
   <translation>Einmal</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Place to be seen</source>
   <translation>Zu sehender Ort</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Point</source>
   <translation>Punkt</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Polygon</source>
   <translation>Vieleck</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Rally point</source>
   <translation>Ausweichpunkt</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Search outwards from it</source>
   <translation>Von dort nach außen suchen</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Stand and look at it</source>
   <translation>Stehen und hinsehen</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>The whole border</source>
   <translation>Die ganze Grenze</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: do not look</source>
   <translation>gezeichnet: nicht hinsehen</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: keep out</source>
   <translation>gezeichnet: draußen bleiben</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: stay inside</source>
   <translation>gezeichnet: darin bleiben</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>planned way</source>
   <translation>geplanter Weg</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>what the aircraft holds</source>
   <translation>was das Luftfahrzeug hält</translation>
  </message>
 </context>
 <context>
  <name>replay</name>
  <message>
   <location filename="../replay/words.py" />
   <source>REPLAY</source>
   <translation>AUFZEICHNUNG</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The replay from {moment} is in a window of its own.</source>
   <translation>Die Aufzeichnung ab {moment} ist in einem eigenen Fenster.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The station did not run at that time: there is nothing to show.</source>
   <translation>Die Station lief zu dieser Zeit nicht: Es gibt nichts zu zeigen.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no MAVLink recording: aircraft as kept once a second</source>
   <translation>keine MAVLink-Aufzeichnung: Drohnen wie einmal je Sekunde gespeichert</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no age map of that time</source>
   <translation>keine Alterskarte dieser Zeit</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no recorded video</source>
   <translation>kein aufgezeichnetes Video</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no tracks of the neighbour from that time</source>
   <translation>keine Spuren des Nachbarn aus dieser Zeit</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>reading what was kept of that time …</source>
   <translation>was aus dieser Zeit gespeichert ist, wird gelesen …</translation>
  </message>
 </context>
 <context>
  <name>report</name>
  <message>
   <location filename="../shift/report.py" />
   <source>Aircraft</source>
   <translation>Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Clip</source>
   <translation>Clip</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Cut so that nobody else is in them.</source>
   <translation>So geschnitten, dass niemand sonst darauf ist.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence</source>
   <translation>Beweise</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence package</source>
   <translation>Beweispaket</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Flight</source>
   <translation>Flug</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>From</source>
   <translation>Von</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Handover sheet {station}</source>
   <translation>Übergabeblatt {station}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident</source>
   <translation>Ereignis</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident report {id}</source>
   <translation>Ereignisbericht {id}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Log book</source>
   <translation>Wachbuch</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Made by {name} at {station}, {when}.</source>
   <translation>Erstellt von {name} bei {station}, {when}.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Missing</source>
   <translation>Es fehlt</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>NOT ACKNOWLEDGED</source>
   <translation>NICHT QUITTIERT</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not acknowledged</source>
   <translation>Nicht quittiert</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not classified</source>
   <translation>Nicht eingeordnet</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Notes</source>
   <translation>Notizen</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Pictures</source>
   <translation>Bilder</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Probability of the geometry</source>
   <translation>Wahrscheinlichkeit der Geometrie</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Raised</source>
   <translation>Ausgelöst</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Rule</source>
   <translation>Regel</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of its manifest</source>
   <translation>SHA-256 seines Verzeichnisses</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of the clip</source>
   <translation>SHA-256 des Clips</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>STILL WAITING</source>
   <translation>WARTET NOCH</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Seen, not classified</source>
   <translation>Gesehen, nicht eingeordnet</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>To</source>
   <translation>Bis</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Told as</source>
   <translation>Gemeldet als</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Track</source>
   <translation>Spur</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Verdict</source>
   <translation>Einordnung</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What</source>
   <translation>Was</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What was done</source>
   <translation>Was getan wurde</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>When</source>
   <translation>Wann</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Where (90 % radius)</source>
   <translation>Wo (90-%-Radius)</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>acknowledged by {name}</source>
   <translation>quittiert von {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>eskaliert: niemand hatte quittiert</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>handed to {peer} by {name}</source>
   <translation>an {peer} übergeben von {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not classified</source>
   <translation>nicht eingeordnet</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not done</source>
   <translation>nicht getan</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>{when} by {name}, {took} after it was raised</source>
   <translation>{when} durch {name}, {took} nach der Auslösung</translation>
  </message>
 </context>
 <context>
  <name>shift</name>
  <message>
   <location filename="../shift/view.py" />
   <source>NOTE</source>
   <translation>NOTIZ</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert</source>
   <translation>Alarm</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert: done</source>
   <translation>Alarm: getan</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>everything</source>
   <translation>alles</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>flight</source>
   <translation>Flug</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 12 hours</source>
   <translation>letzte 12 Stunden</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 24 hours</source>
   <translation>letzte 24 Stunden</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 7 days</source>
   <translation>letzte 7 Tage</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>neighbour</source>
   <translation>Nachbar</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>order</source>
   <translation>Befehl</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the report could not be written: {error}</source>
   <translation>der Bericht konnte nicht geschrieben werden: {error}</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>written: {page} and {printed}</source>
   <translation>geschrieben: {page} und {printed}</translation>
  </message>
 </context>
 <context>
  <name>themes</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Light</source>
   <translation>Hell</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Night, red</source>
   <translation>Nacht, rot</translation>
  </message>
 </context>
 <context>
  <name>units</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Feet and knots</source>
   <translation>Fuß und Knoten</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Metres and metres per second</source>
   <translation>Meter und Meter je Sekunde</translation>
  </message>
 </context>
 <context>
  <name>video</name>
  <message>
   <location filename="../video/snapshot.py" />
   <source>NOT LIVE: {seconds} s old</source>
   <translation>NICHT LIVE: {seconds} s alt</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>as received</source>
   <translation>wie empfangen</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>black hot</source>
   <translation>schwarz = heiß</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>green</source>
   <translation>grün</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>ironbow</source>
   <translation>Eisenbogen</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>no KLV</source>
   <translation>kein KLV</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>no camera pose for this frame</source>
   <translation>keine Kameralage für dieses Bild</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no ground there</source>
   <translation>dort ist kein Boden</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: no terrain model</source>
   <translation>keine Position: kein Geländemodell</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: this frame has no camera pose</source>
   <translation>keine Position: dieses Bild hat keine Kameralage</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>taken by {name} from the preview, colours as received</source>
   <translation>aufgenommen von {name} aus der Vorschau, Farben wie empfangen</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>white hot</source>
   <translation>weiß = heiß</translation>
  </message>
 </context>
 <context>
  <name>views</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <location filename="../views.py" />
   <source>Aircraft</source>
   <translation>Luftfahrzeug</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Alerts</source>
   <translation>Alarme</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <location filename="../views.py" />
   <source>Before the flight</source>
   <translation>Vor dem Flug</translation>
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
   <translation>Erste Schritte</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Flight</source>
   <translation>Flug</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Keys</source>
   <translation>Tasten</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Map</source>
   <translation>Karte</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <location filename="../views.py" />
   <source>Neighbour</source>
   <translation>Nachbar</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <location filename="../views.py" />
   <source>Orders</source>
   <translation>Befehle</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Planner</source>
   <translation>Planung</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Settings</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <location filename="../views.py" />
   <source>Several aircraft</source>
   <translation>Mehrere Luftfahrzeuge</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Shift</source>
   <translation>Schicht</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Video</source>
   <translation>Video</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>What the station says</source>
   <translation>Was die Station sagt</translation>
  </message>
 </context>
</TS>
