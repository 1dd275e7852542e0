<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
 <context>
  <name>AircraftStrip</name>
  <message>
   <location filename="../flight/strip.py" />
   <source>Aircraft</source>
   <translation>Aeronave</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Battery</source>
   <translation>Batería</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Camera</source>
   <translation>Cámara</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Faults, and what to do</source>
   <translation>Fallos y qué hacer</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Fence</source>
   <translation>Valla</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Flight</source>
   <translation>Vuelo</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Link</source>
   <translation>Enlace</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>No aircraft is heard yet.</source>
   <translation>Aún no se recibe ninguna aeronave.</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Position</source>
   <translation>Posición</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Show this aircraft; orders go to it (Alt+{number})</source>
   <translation>Mostrar esta aeronave; las órdenes van a ella (Alt+{number})</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Traffic</source>
   <translation>Tráfico</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>free</source>
   <translation>libre</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>not known</source>
   <translation>no se sabe</translation>
  </message>
 </context>
 <context>
  <name>AlertDetail</name>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Acknowledge  Ctrl+K</source>
   <translation>Acusar recibo  Ctrl+K</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Add note</source>
   <translation>Añadir nota</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Clip</source>
   <translation>Clip</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Hand to the neighbour</source>
   <translation>Entregar al vecino</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Incident report as HTML and PDF</source>
   <translation>Informe del incidente en HTML y PDF</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>No alert is chosen.</source>
   <translation>Ninguna alerta elegida.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Note</source>
   <translation>Nota</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Report</source>
   <translation>Informe</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Show on map</source>
   <translation>Mostrar en el mapa</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>There is no clip yet, or none was written.</source>
   <translation>Aún no hay clip, o no se escribió ninguno.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Told by the neighbour {peer}</source>
   <translation>Comunicada por el vecino {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>escalada: nadie la había acusado</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>handed to {peer} by {name}</source>
   <translation>entregada a {peer} por {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{time} acknowledged by {name}</source>
   <translation>{time} acusada por {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{verdict}, says {name}</source>
   <translation>{verdict}, dice {name}</translation>
  </message>
 </context>
 <context>
  <name>AlertsView</name>
  <message>
   <location filename="../alerts/view.py" />
   <source>Alerts</source>
   <translation>Alertas</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>No program opens the clip: {file}</source>
   <translation>Ningún programa abre el clip: {file}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>Nobody has acknowledged: {alert}</source>
   <translation>Nadie ha acusado recibo: {alert}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The clip {file} is not there any more.</source>
   <translation>El clip {file} ya no está.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The station did not hand over its alerts.</source>
   <translation>La estación no entregó sus alertas.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>none waiting</source>
   <translation>ninguna en espera</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>nothing new above</source>
   <translation>nada nuevo arriba</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} alerts wait   {first}</source>
   <translation>{count} alertas esperan   {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} new: {first}</source>
   <translation>{count} nuevas: {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} waiting</source>
   <translation>{count} en espera</translation>
  </message>
 </context>
 <context>
  <name>CameraPanel</name>
  <message>
   <location filename="../flight/camera.py" />
   <source>Ahead</source>
   <translation>Al frente</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Along the border</source>
   <translation>A lo largo de la frontera</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Another station is in control: {name}.</source>
   <translation>Otra estación tiene el control: {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Closer</source>
   <translation>Más cerca</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Drag, or arrow keys, to turn the camera; the wheel zooms</source>
   <translation>Arrastrar o las flechas giran la cámara; la rueda hace zum</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Held by {name}.</source>
   <translation>La tiene {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look at the selected track, or at the place that was last asked for on the map</source>
   <translation>Mirar la traza elegida, o el último lugar pedido en el mapa</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look here</source>
   <translation>Mirar aquí</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Looks {azimuth} from north, {elevation} up</source>
   <translation>Mira a {azimuth} del norte, {elevation} hacia arriba</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Nobody holds it.</source>
   <translation>No la tiene nadie.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Release</source>
   <translation>Soltar</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take the camera</source>
   <translation>Tomar la cámara</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take…</source>
   <translation>Tomar…</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>The aircraft is not heard: where the camera looks is not known.</source>
   <translation>No se recibe la aeronave: no se sabe adónde mira la cámara.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>Esta consola se abrió sin enlace con una aeronave.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Told to look at: {place}</source>
   <translation>Orden de mirar a: {place}</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Who holds it is not known.</source>
   <translation>No se sabe quién la tiene.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Wider</source>
   <translation>Más ancho</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>You hold it.</source>
   <translation>La tiene usted.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>no aircraft</source>
   <translation>sin aeronave</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} asks for it: use it to keep it.</source>
   <translation>{name} la pide: úsela para conservarla.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} holds it. Why is it taken?</source>
   <translation>La tiene {name}. ¿Por qué se toma?</translation>
  </message>
 </context>
 <context>
  <name>CheckList</name>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>({time} late)</source>
   <translation>({time} de retraso)</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>LATE {time}</source>
   <translation>RETRASO {time}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>No procedure is written for this kind of alert.</source>
   <translation>No hay procedimiento para este tipo de alerta.</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>saving …</source>
   <translation>guardando …</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} by {name}</source>
   <translation>{time} por {name}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} left</source>
   <translation>quedan {time}</translation>
  </message>
 </context>
 <context>
  <name>ChecklistPanel</name>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start</source>
   <translation>Puede iniciar</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start, {count} warnings</source>
   <translation>Puede iniciar, {count} avisos</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>No start: {failed} failed, {unknown} not seen</source>
   <translation>Sin inicio: {failed} fallidos, {unknown} no vistos</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>OLD: read it again</source>
   <translation>ANTIGUA: vuelva a leerla</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Read the list</source>
   <translation>Leer la lista</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Reading from the aircraft …</source>
   <translation>Leyendo de la aeronave …</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>The list has not been read.</source>
   <translation>La lista no se ha leído.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>Esta consola se abrió sin enlace con una aeronave.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>read {age} ago</source>
   <translation>leída hace {age}</translation>
  </message>
 </context>
 <context>
  <name>CircleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Radius {m} m</source>
   <translation>Radio {m} m</translation>
  </message>
 </context>
 <context>
  <name>ComparePage</name>
  <message>
   <location filename="../planner/compare.py" />
   <source> - OLD: it may have been sent another plan since, read it again</source>
   <translation> – ANTIGUO: puede haberse enviado otro plan desde entonces, vuelva a leer</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft</source>
   <translation>Aeronave</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft {n}</source>
   <translation>Aeronave {n}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Differences</source>
   <translation>Diferencias</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>It could not be read: {why}</source>
   <translation>No se pudo leer: {why}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No aircraft was heard yet</source>
   <translation>Aún no se ha oído ninguna aeronave</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No link to this aircraft</source>
   <translation>Sin enlace con esta aeronave</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Not read yet</source>
   <translation>Aún no leído</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read at {t}, {age} s ago</source>
   <translation>Leído a las {t}, hace {age} s</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read what it holds</source>
   <translation>Leer lo que contiene</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Reading aircraft {n} ...</source>
   <translation>Leyendo la aeronave {n} ...</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>The aircraft holds exactly this plan: mission, fence and rally points</source>
   <translation>La aeronave tiene exactamente este plan: misión, valla y puntos de reunión</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>There is no plan here to compare with; the aircraft holds {what}</source>
   <translation>No hay plan con que comparar; la aeronave contiene {what}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>This station does not read plans back for its console</source>
   <translation>Esta estación no lee planes para su consola</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Espere: se está comprobando el plan</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>given up</source>
   <translation>abandonado</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>{n} differences</source>
   <translation>{n} diferencias</translation>
  </message>
 </context>
 <context>
  <name>ConsoleWindow</name>
  <message>
   <location filename="../window.py" />
   <source>A screen is gone; back in the window: {names}</source>
   <translation>Falta una pantalla; de vuelta en la ventana: {names}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Age map (C)</source>
   <translation>Mapa de edad (C)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft</source>
   <translation>Aeronave</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft (F)</source>
   <translation>Aeronave (F)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Map</source>
   <translation>Mapa</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Patrol (P)</source>
   <translation>Patrulla (P)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Status</source>
   <translation>Estado</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>The language changes when the console is opened again.</source>
   <translation>El idioma cambia al abrir de nuevo la consola.</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>This part of the console could not be opened: {reason}</source>
   <translation>No se pudo abrir esta parte de la consola: {reason}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Whole area (Home)</source>
   <translation>Toda la zona (Inicio)</translation>
  </message>
 </context>
 <context>
  <name>ControlsPanel</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>Hold position: at once, one click or F8</source>
   <translation>Mantener la posición: al momento, un clic o F8</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Land here</source>
   <translation>Aterrizar aquí</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}</source>
   <translation>Órdenes a {name}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}: not heard for {age}</source>
   <translation>Órdenes a {name}: sin recibir desde hace {age}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Pause</source>
   <translation>Pausa</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Resume</source>
   <translation>Reanudar</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Return</source>
   <translation>Volver</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start</source>
   <translation>Iniciar</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start against the list…</source>
   <translation>Iniciar contra la lista…</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Upload</source>
   <translation>Enviar</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>was: {state}</source>
   <translation>era: {state}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{mission} mission, {fence} fence items</source>
   <translation>{mission} puntos de misión, {fence} de valla</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{order}: waiting for the aircraft</source>
   <translation>{order}: esperando a la aeronave</translation>
  </message>
 </context>
 <context>
  <name>DebugPage</name>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>A second</source>
   <translation>Por segundo</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Age</source>
   <translation>Edad</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Last value</source>
   <translation>Último valor</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Records</source>
   <translation>Registros</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>STALE</source>
   <translation>CADUCADO</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>State</source>
   <translation>Estado</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Topic</source>
   <translation>Tema</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>live</source>
   <translation>actual</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>never</source>
   <translation>nunca</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>{topics} topics, {silent} never heard</source>
   <translation>{topics} temas, {silent} nunca recibidos</translation>
  </message>
 </context>
 <context>
  <name>DrawPage</name>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Change</source>
   <translation>Modificar</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Delete</source>
   <translation>Borrar</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Hole</source>
   <translation>Hueco</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Merge</source>
   <translation>Unir</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Snap to corners and edges (hold Ctrl: not now)</source>
   <translation>Ajustar a esquinas y bordes (mantener Ctrl: ahora no)</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Split</source>
   <translation>Dividir</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Staying in any one flight area is enough</source>
   <translation>Basta con permanecer en cualquiera de las zonas de vuelo</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What is drawn</source>
   <translation>Lo que se dibuja</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What to draw</source>
   <translation>Qué dibujar</translation>
  </message>
 </context>
 <context>
  <name>DrawTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>left side</source>
   <translation>lado izquierdo</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>right side</source>
   <translation>lado derecho</translation>
  </message>
 </context>
 <context>
  <name>EditTool</name>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Change the radius</source>
   <translation>Cambiar el radio</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move corner</source>
   <translation>Mover vértice</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move shape</source>
   <translation>Mover forma</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>New corner</source>
   <translation>Nuevo vértice</translation>
  </message>
 </context>
 <context>
  <name>FileDialogs</name>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>A plan, to be checked and sent as it stands</source>
   <translation>Un plan, para comprobar y enviar tal cual</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the drawing</source>
   <translation>Exportar el dibujo</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the plan</source>
   <translation>Exportar el plan</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Go on?</source>
   <translation>¿Continuar?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import</source>
   <translation>Importar</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import a file</source>
   <translation>Importar un archivo</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import {file}</source>
   <translation>Importar {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Maps</source>
   <translation>Mapas</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not saved</source>
   <translation>Sin guardar</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not taken in</source>
   <translation>No incorporado</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Open a patrol</source>
   <translation>Abrir una patrulla</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Opened {file}</source>
   <translation>{file} abierto</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Patrols</source>
   <translation>Patrullas</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans</source>
   <translation>Planes</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans and maps</source>
   <translation>Planes y mapas</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Save the patrol</source>
   <translation>Guardar la patrulla</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Saved as {file}</source>
   <translation>Guardado como {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Shapes, for the drawing</source>
   <translation>Formas, para el dibujo</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The drawing {name!r} is not saved. Save it?</source>
   <translation>El dibujo {name!r} no está guardado. ¿Guardarlo?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The file cannot hold</source>
   <translation>El archivo no puede contener</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>There is no plan yet</source>
   <translation>Aún no hay plan</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Espere: se está comprobando el plan</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>What is {file} to be?</source>
   <translation>¿Qué debe ser {file}?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Written: {files}</source>
   <translation>Escrito: {files}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>leave them out</source>
   <translation>omitirlas</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>{n} shapes do not say what they are. They are:</source>
   <translation>{n} formas no dicen qué son. Son:</translation>
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
   <translation>... y {n} más</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checked: no errors. Warnings: {m}</source>
   <translation>Comprobado: sin errores. Avisos: {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checking ...</source>
   <translation>Comprobando ...</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>ERROR</source>
   <translation>ERROR</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Errors that forbid an upload: {n}. Warnings: {m}</source>
   <translation>Errores que impiden el envío: {n}. Avisos: {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Findings</source>
   <translation>Hallazgos</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Note</source>
   <translation>Nota</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Nothing is drawn yet</source>
   <translation>Aún no hay nada dibujado</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Repair (Shift+R)</source>
   <translation>Reparar (Shift+R)</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>The drawing has no errors. No patrol is asked for yet</source>
   <translation>El dibujo no tiene errores. Aún no se ha pedido ninguna patrulla</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Warning</source>
   <translation>Aviso</translation>
  </message>
 </context>
 <context>
  <name>FlightDisplay</name>
  <message>
   <location filename="../flight/display.py" />
   <source>NOT LIVE, heard {age} ago</source>
   <translation>NO ACTUAL, recibido hace {age}</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>armed</source>
   <translation>armada</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>disarmed</source>
   <translation>desarmada</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>item {number} of {total}</source>
   <translation>punto {number} de {total}</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>kt over ground</source>
   <translation>kt sobre el suelo</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>m/s over ground</source>
   <translation>m/s sobre el suelo</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no aircraft</source>
   <translation>sin aeronave</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no attitude</source>
   <translation>sin actitud</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind not told</source>
   <translation>viento sin datos</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind {value} {unit}
from {direction}°</source>
   <translation>viento {value} {unit}
del {direction}°</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{unit} above home</source>
   <translation>{unit} sobre origen</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{value} {unit} AMSL</source>
   <translation>{value} {unit} s. n. m.</translation>
  </message>
 </context>
 <context>
  <name>GoToDialog</name>
  <message>
   <location filename="../map/goto.py" />
   <source>Degrees, degrees and minutes, UTM or MGRS:</source>
   <translation>Grados, grados y minutos, UTM o MGRS:</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go</source>
   <translation>Ir</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go to coordinate</source>
   <translation>Ir a la coordenada</translation>
  </message>
 </context>
 <context>
  <name>GroupPanel</name>
  <message>
   <location filename="../flight/group.py" />
   <source>Confirm</source>
   <translation>Confirmar</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Prepare</source>
   <translation>Preparar</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>The order lapsed: nothing was sent.</source>
   <translation>La orden caducó: no se envió nada.</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Waiting for the aircraft …</source>
   <translation>Esperando a la aeronave …</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>not heard</source>
   <translation>no se recibe</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>{order} for {names}: hold Confirm within {seconds} s</source>
   <translation>{order} para {names}: mantenga Confirmar antes de {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>GuidePanel</name>
  <message>
   <location filename="../craft/guide.py" />
   <source>I know my way now</source>
   <translation>Ya me oriento</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Show: {panel}</source>
   <translation>Mostrar: {panel}</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>That was a whole patrol.</source>
   <translation>Eso fue una patrulla completa.</translation>
  </message>
 </context>
 <context>
  <name>HoldButton</name>
  <message>
   <location filename="../panels/common.py" />
   <source>Hold it for {seconds} s</source>
   <translation>Mantener {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>HoleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that gets the hole first</source>
   <translation>Elija primero la forma que llevará el hueco</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Cut a hole</source>
   <translation>Recortar un hueco</translation>
  </message>
 </context>
 <context>
  <name>JoystickReader</name>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>; moved last: {what}</source>
   <translation>; último movimiento: {what}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}</source>
   <translation>Palanca {name}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}: hold button {n}</source>
   <translation>Palanca {name}: mantenga el botón {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>No joystick is plugged in.</source>
   <translation>No hay ninguna palanca conectada.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>The joystick is gone: the camera was stopped.</source>
   <translation>La palanca ya no está: la cámara se ha detenido.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>axis {n}</source>
   <translation>eje {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>button {n}</source>
   <translation>botón {n}</translation>
  </message>
 </context>
 <context>
  <name>JoystickRows</name>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis to the sides</source>
   <translation>Palanca: eje lateral</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis up and down</source>
   <translation>Palanca: eje vertical</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: button that is held meanwhile</source>
   <translation>Palanca: botón que se mantiene mientras tanto</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: still zone in the middle</source>
   <translation>Palanca: zona muerta en el centro</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Pushed forward it looks up</source>
   <translation>Empujada hacia delante mira arriba</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>The joystick turns the camera</source>
   <translation>La palanca gira la cámara</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>none: as soon as it is moved</source>
   <translation>ninguno: en cuanto se mueve</translation>
  </message>
 </context>
 <context>
  <name>KeysPage</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Command</source>
   <translation>Orden</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Key</source>
   <translation>Tecla</translation>
  </message>
 </context>
 <context>
  <name>Lamp</name>
  <message>
   <location filename="../panels/common.py" />
   <source>no data</source>
   <translation>sin datos</translation>
  </message>
 </context>
 <context>
  <name>Legend</name>
  <message>
   <location filename="../map/legend.py" />
   <source>Layers (L)</source>
   <translation>Capas (L)</translation>
  </message>
  <message>
   <location filename="../map/legend.py" />
   <source>{n} not live</source>
   <translation>{n} no actuales</translation>
  </message>
 </context>
 <context>
  <name>MapBar</name>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file</source>
   <translation>Añadir un archivo de mapa</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file …</source>
   <translation>Añadir un archivo de mapa …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Address with {z}, {x} and {y}; empty for none. Every tile is kept on this machine.</source>
   <translation>Dirección con {z}, {x} e {y}; vacía para ninguna. Cada tesela se guarda en esta máquina.</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Background</source>
   <translation>Fondo</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Coordinates</source>
   <translation>Coordenadas</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Follow (Shift+F)</source>
   <translation>Seguir (Mayús+F)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Go to (G)</source>
   <translation>Ir a (G)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep this place</source>
   <translation>Guardar este lugar</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep what is shown now …</source>
   <translation>Guardar lo mostrado ahora …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>MGRS</source>
   <translation>MGRS</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Maps</source>
   <translation>Mapas</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Measure (M)</source>
   <translation>Medir (M)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Name:</source>
   <translation>Nombre:</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Places</source>
   <translation>Lugares</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Remove</source>
   <translation>Quitar</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server</source>
   <translation>Servidor de teselas</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server …</source>
   <translation>Servidor de teselas …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>UTM</source>
   <translation>UTM</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>decimal degrees</source>
   <translation>grados decimales</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes</source>
   <translation>grados, minutos</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes, seconds</source>
   <translation>grados, minutos, segundos</translation>
  </message>
 </context>
 <context>
  <name>MapView</name>
  <message>
   <location filename="../map/view.py" />
   <source>Centre here</source>
   <translation>Centrar aquí</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Choose aircraft {n}</source>
   <translation>Elegir la aeronave {n}</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Copy {place}</source>
   <translation>Copiar {place}</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>The map follows the aircraft</source>
   <translation>El mapa sigue a la aeronave</translation>
  </message>
 </context>
 <context>
  <name>NeighbourPanel</name>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>No hay vecino configurado: no se comparte nada.</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>connected</source>
   <translation>conectado</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>last receipt {age} ago</source>
   <translation>último recibo hace {age}</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not connected</source>
   <translation>no conectado</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not known for {age}</source>
   <translation>sin saberse desde hace {age}</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>{stored} messages stored by them, {waiting} waiting, {withheld} withheld by the agreement, {received} received</source>
   <translation>{stored} mensajes guardados por ellos, {waiting} en espera, {withheld} retenidos por el acuerdo, {received} recibidos</translation>
  </message>
 </context>
 <context>
  <name>OverrideDialog</name>
  <message>
   <location filename="../flight/override.py" />
   <source>Do not start</source>
   <translation>No iniciar</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Reason</source>
   <translation>Motivo</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send a plan that has errors</source>
   <translation>Enviar un plan con errores</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it all the same</source>
   <translation>Enviar de todos modos</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start aircraft {name} against the list</source>
   <translation>Iniciar la aeronave {name} contra la lista</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start anyway</source>
   <translation>Iniciar de todos modos</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The checks forbid this plan. Your name and reason are logged before anything is sent.</source>
   <translation>Las comprobaciones prohíben este plan. Su nombre y el motivo se registran antes de enviar nada.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>The list has not been read.</source>
   <translation>La lista no se ha leído.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>These forbid the start:</source>
   <translation>Esto impide el inicio:</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Who answers for it</source>
   <translation>Quién responde de ello</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Why</source>
   <translation>Por qué</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Your name</source>
   <translation>Su nombre</translation>
  </message>
 </context>
 <context>
  <name>PairsBox</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Different</source>
   <translation>Distinta</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Same</source>
   <translation>Misma</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>This station cannot keep a verdict on a pair.</source>
   <translation>Esta estación no puede guardar un veredicto sobre un par.</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>kept</source>
   <translation>guardado</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>not renewed for {age}</source>
   <translation>sin renovar desde hace {age}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{metres} m apart; the station says: {state}</source>
   <translation>a {metres} m; la estación dice: {state}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{name} says: {verdict}</source>
   <translation>{name} dice: {verdict}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{theirs} of {peer} and our {ours}</source>
   <translation>{theirs} de {peer} y nuestra {ours}</translation>
  </message>
 </context>
 <context>
  <name>PeriodDialog</name>
  <message>
   <location filename="../replay/period.py" />
   <source>At most {hours} hours at once.</source>
   <translation>Como máximo {hours} horas a la vez.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Cancel</source>
   <translation>Cancelar</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>From (UTC)</source>
   <translation>Desde (UTC)</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>It ends before it begins.</source>
   <translation>Termina antes de empezar.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Replay</source>
   <translation>Reproducción</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Show it</source>
   <translation>Mostrar</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>To (UTC)</source>
   <translation>Hasta (UTC)</translation>
  </message>
 </context>
 <context>
  <name>PictureWidget</name>
  <message>
   <location filename="../video/picture.py" />
   <source>LIVE</source>
   <translation>DIRECTO</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NO BOXES: last analysed {seconds} s ago</source>
   <translation>SIN RECUADROS: último análisis hace {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NOT LIVE   {seconds} s ago</source>
   <translation>NO EN DIRECTO   hace {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>STALE PICTURE  {seconds} s</source>
   <translation>IMAGEN ANTIGUA  {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>Video {stream}</source>
   <translation>Vídeo {stream}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>boxes carried on {ms} ms</source>
   <translation>recuadros prolongados {ms} ms</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no position: the tracks of this frame have not come</source>
   <translation>sin posición: no han llegado las trazas de este fotograma</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no video yet</source>
   <translation>aún no hay vídeo</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>not on the map: </source>
   <translation>no está en el mapa: </translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>picture age {age}</source>
   <translation>edad de la imagen {age}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>{range} m away</source>
   <translation>a {range} m</translation>
  </message>
 </context>
 <context>
  <name>PlannerSession</name>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete corner</source>
   <translation>Borrar vértice</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete shape</source>
   <translation>Borrar forma</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Done again: {step}</source>
   <translation>Rehecho: {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Draw</source>
   <translation>Dibujar</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Merge</source>
   <translation>Unir</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Recover</source>
   <translation>Recuperar</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repair</source>
   <translation>Reparar</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repaired: {what}</source>
   <translation>Reparado: {what}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Undone: {step}</source>
   <translation>Deshecho: {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>nothing had to be repaired</source>
   <translation>no había nada que reparar</translation>
  </message>
 </context>
 <context>
  <name>PlannerView</name>
  <message>
   <location filename="../planner/view.py" />
   <source>A console ended without saving</source>
   <translation>Una consola terminó sin guardar</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Aircraft holds</source>
   <translation>En la aeronave</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change</source>
   <translation>Modificar</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change the limits</source>
   <translation>Cambiar los límites</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click on the map</source>
   <translation>Haga clic en el mapa</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners of the hole; a double click ends</source>
   <translation>Haga clic en los vértices del hueco; doble clic termina</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners; a double click or Enter ends, Backspace takes one back</source>
   <translation>Haga clic en los vértices; doble clic o Intro termina, Retroceso quita uno</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Cut a hole</source>
   <translation>Recortar un hueco</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw</source>
   <translation>Dibujar</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a circle</source>
   <translation>Dibujar un círculo</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a corridor</source>
   <translation>Dibujar un corredor</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line</source>
   <translation>Dibujar una línea</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line right across the shape; a double click ends</source>
   <translation>Dibuje una línea que cruce toda la forma; doble clic termina</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a point</source>
   <translation>Dibujar un punto</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a polygon</source>
   <translation>Dibujar un polígono</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Drawn: {name}</source>
   <translation>Dibujado: {name}</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the drawing ...</source>
   <translation>Exportar el dibujo ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the plan ...</source>
   <translation>Exportar el plan ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>File</source>
   <translation>Archivo</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Import a file of another program ...</source>
   <translation>Importar un archivo de otro programa ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>It had drawn {name!r} with {n} shapes. Take it up again?</source>
   <translation>Había dibujado {name!r} con {n} formas. ¿Retomarlo?</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon</source>
   <translation>Convertir en polígono</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon of a circle or corridor</source>
   <translation>Convertir un círculo o corredor en polígono</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Merge</source>
   <translation>Unir</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Name of the patrol</source>
   <translation>Nombre de la patrulla</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: nothing drawn</source>
   <translation>Nuevo: nada dibujado</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: the station's area</source>
   <translation>Nuevo: la zona de la estación</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Open ...</source>
   <translation>Abrir ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Patrol</source>
   <translation>Patrulla</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Press at the centre and drag to the edge</source>
   <translation>Pulse en el centro y arrastre hasta el borde</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Redo</source>
   <translation>Rehacer</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Rename</source>
   <translation>Renombrar</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Repair</source>
   <translation>Reparar</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save</source>
   <translation>Guardar</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save as ...</source>
   <translation>Guardar como ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Split</source>
   <translation>Dividir</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Taken up again: it is not saved yet</source>
   <translation>Retomado: aún sin guardar</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Turn a line round</source>
   <translation>Invertir una línea</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Undo</source>
   <translation>Deshacer</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>{role}: cannot be drawn like that</source>
   <translation>{role}: no se puede dibujar así</translation>
  </message>
 </context>
 <context>
  <name>PointsTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>At least {n} points are needed: click on the map</source>
   <translation>Se necesitan al menos {n} puntos: haga clic en el mapa</translation>
  </message>
 </context>
 <context>
  <name>ReplayBar</name>
  <message>
   <location filename="../replay/bar.py" />
   <source>Back to live</source>
   <translation>Volver al directo</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>LIVE: {count} alerts wait</source>
   <translation>EN DIRECTO: {count} alertas en espera</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Moment of the replay</source>
   <translation>Momento de la reproducción</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Play</source>
   <translation>Reproducir</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>REPLAY, NOT LIVE</source>
   <translation>REPRODUCCIÓN, NO EN DIRECTO</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Speed of the replay</source>
   <translation>Velocidad de la reproducción</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Stop</source>
   <translation>Detener</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>{moment} reading …</source>
   <translation>{moment} leyendo …</translation>
  </message>
 </context>
 <context>
  <name>SettingsPage</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>A sound with each alert</source>
   <translation>Un sonido con cada alerta</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>As the machine</source>
   <translation>Como la máquina</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Colours</source>
   <translation>Colores</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Height of the text in pixels</source>
   <translation>Altura del texto en píxeles</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Kept in: {path}</source>
   <translation>Guardado en: {path}</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Language (when the console is opened again)</source>
   <translation>Idioma (al abrir de nuevo la consola)</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Speak alerts</source>
   <translation>Decir las alertas en voz alta</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Units of the flight display</source>
   <translation>Unidades de la pantalla de vuelo</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>nowhere: they are forgotten at the end</source>
   <translation>en ningún sitio: se olvidan al final</translation>
  </message>
 </context>
 <context>
  <name>ShapeForm</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Add corner</source>
   <translation>Añadir vértice</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Buffer</source>
   <translation>Margen</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Change {name}</source>
   <translation>Cambiar {name}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates</source>
   <translation>Coordenadas</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates written as</source>
   <translation>Coordenadas escritas como</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Corner (type or paste any form)</source>
   <translation>Vértice (escriba o pegue en cualquier formato)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Delete corner</source>
   <translation>Borrar vértice</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>From height</source>
   <translation>Desde la altura</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Half width</source>
   <translation>Semiancho</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Its top</source>
   <translation>Su cima</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its left</source>
   <translation>País a la izquierda</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its right</source>
   <translation>País a la derecha</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Name</source>
   <translation>Nombre</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>New corner</source>
   <translation>Nuevo vértice</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>No shape is chosen: click one on the map</source>
   <translation>Ninguna forma elegida: haga clic en una del mapa</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Ours is</source>
   <translation>El nuestro es</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste corners</source>
   <translation>Pegar vértices</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste list</source>
   <translation>Pegar lista</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Radius</source>
   <translation>Radio</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Type a corner</source>
   <translation>Escribir un vértice</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Up to height</source>
   <translation>Hasta la altura</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>When</source>
   <translation>Cuándo</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>always; or Mo-Fr 22:00-04:00 (UTC)</source>
   <translation>siempre; o Mo-Fr 22:00-04:00 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>hole {n}, {k}</source>
   <translation>hueco {n}, {k}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>{n} shapes are chosen</source>
   <translation>{n} formas elegidas</translation>
  </message>
 </context>
 <context>
  <name>ShiftView</name>
  <message>
   <location filename="../shift/view.py" />
   <source>Entry in the log book</source>
   <translation>Anotación en el libro</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Handover sheet</source>
   <translation>Hoja de relevo</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Kind</source>
   <translation>Tipo</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Read again</source>
   <translation>Leer de nuevo</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Replay …</source>
   <translation>Reproducción …</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Search: words that must all be there</source>
   <translation>Buscar: palabras que deben estar todas</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Text</source>
   <translation>Texto</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>The station did not hand over its log book.</source>
   <translation>La estación no entregó su libro de servicio.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>There is no folder to write the sheet to.</source>
   <translation>No hay carpeta para la hoja.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>This console cannot open another window.</source>
   <translation>Esta consola no puede abrir otra ventana.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Time</source>
   <translation>Hora</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>What</source>
   <translation>Qué</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Who</source>
   <translation>Quién</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Write</source>
   <translation>Anotar</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the newest {count} shown</source>
   <translation>se muestran las {count} más recientes</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>{count} lines</source>
   <translation>{count} líneas</translation>
  </message>
 </context>
 <context>
  <name>SplitTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that is to be cut first</source>
   <translation>Elija primero la forma que se va a cortar</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Split</source>
   <translation>Dividir</translation>
  </message>
 </context>
 <context>
  <name>StatusStrip</name>
  <message>
   <location filename="../status_bar.py" />
   <source>1 fault</source>
   <translation>1 fallo</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Alerts</source>
   <translation>Alertas</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Battery</source>
   <translation>Batería</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Click: show the alerts</source>
   <translation>Clic: mostrar las alertas</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Fence</source>
   <translation>Valla</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Flight</source>
   <translation>Vuelo</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Link</source>
   <translation>Enlace</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Neighbour</source>
   <translation>Vecino</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Position</source>
   <translation>Posición</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Station</source>
   <translation>Estación</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Video</source>
   <translation>Vídeo</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>cut, {count} wait</source>
   <translation>cortado, {count} en espera</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no data</source>
   <translation>sin datos</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no fault</source>
   <translation>sin fallos</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>none waiting</source>
   <translation>ninguna en espera</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>not set up</source>
   <translation>sin configurar</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>old {age}</source>
   <translation>antiguo {age}</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>on the ground</source>
   <translation>en tierra</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>unknown</source>
   <translation>desconocido</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} faults</source>
   <translation>{count} fallos</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} stored</source>
   <translation>{count} guardados</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} waiting</source>
   <translation>{count} en espera</translation>
  </message>
 </context>
 <context>
  <name>TelemetryPanel</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Battery</source>
   <translation>Batería</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Camera</source>
   <translation>Cámara</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Heading</source>
   <translation>Rumbo</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Height above home</source>
   <translation>Altura sobre el origen</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Mode</source>
   <translation>Modo</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Satellites</source>
   <translation>Satélites</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Speed</source>
   <translation>Velocidad</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Waypoint</source>
   <translation>Punto de ruta</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>and {count} more</source>
   <translation>y {count} más</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>no fix</source>
   <translation>sin posición</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · desarmada</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{number} of {total}</source>
   <translation>{number} de {total}</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{title}: NOT LIVE, heard {age} ago</source>
   <translation>{title}: NO ACTUAL, recibido hace {age}</translation>
  </message>
 </context>
 <context>
  <name>UploadPage</name>
  <message>
   <location filename="../planner/upload.py" />
   <source> It holds: {what}.</source>
   <translation> Contiene: {what}.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n}</source>
   <translation>Aeronave {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} can only be watched</source>
   <translation>La aeronave {n} solo se puede observar</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is being sent a plan</source>
   <translation>Se está enviando un plan a la aeronave {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is flying: plans are sent on the ground</source>
   <translation>La aeronave {n} está volando: los planes se envían en tierra</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Errors that forbid the upload: {n}</source>
   <translation>Errores que impiden el envío: {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>FAILED: {why}.{holds}</source>
   <translation>FALLIDO: {why}.{holds}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Goes to</source>
   <translation>Va a</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>EN VIGOR: releído e idéntico</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is a plan only when the aircraft has read it back, identical.</source>
   <translation>Un plan solo está en vigor cuando la aeronave lo ha devuelto idéntico.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is the plan as sent at {t}; it was changed here since</source>
   <translation>En vigor está el plan enviado a las {t}; aquí se ha cambiado desde entonces</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is {name}, not sent from this board: compare before you rely on it</source>
   <translation>En vigor está {name}, no enviado desde aquí: compare antes de confiar en él</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No aircraft was heard yet</source>
   <translation>Aún no se ha oído ninguna aeronave</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No link to aircraft {n}</source>
   <translation>Sin enlace con la aeronave {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No station is connected: nothing can be sent</source>
   <translation>No hay estación conectada: no se puede enviar nada</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent from this console</source>
   <translation>No se ha enviado nada desde esta consola</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent: {why}</source>
   <translation>No se envió nada: {why}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it in spite of the errors ...</source>
   <translation>Enviar a pesar de los errores ...</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Sent at {t}, no answer yet</source>
   <translation>Enviado a las {t}, aún sin respuesta</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The plan has changed meanwhile: look at it again</source>
   <translation>El plan ha cambiado entretanto: revíselo de nuevo</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>There is no plan yet</source>
   <translation>Aún no hay plan</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>This drawing is not the area that the station runs with: the aircraft gets these fences, the station goes on judging plans and crossings by its own.</source>
   <translation>Este dibujo no es la zona con la que trabaja la estación: la aeronave recibe estas vallas, la estación sigue juzgando planes y cruces con la suya.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Two plans go to the same aircraft: choose another</source>
   <translation>Dos planes van a la misma aeronave: elija otra</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Upload</source>
   <translation>Enviar</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Espere: se está comprobando el plan</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>checking</source>
   <translation>comprobando</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>given up</source>
   <translation>abandonado</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>reading back</source>
   <translation>releyendo</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>uploading</source>
   <translation>enviando</translation>
  </message>
 </context>
 <context>
  <name>VideoView</name>
  <message>
   <location filename="../video/view.py" />
   <source>All</source>
   <translation>Todos</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Boxes</source>
   <translation>Recuadros</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Colours of a thermal picture, on this screen only</source>
   <translation>Colores de una imagen térmica, solo en esta pantalla</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Lines</source>
   <translation>Líneas</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Live</source>
   <translation>Directo</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Pause</source>
   <translation>Pausa</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record</source>
   <translation>Grabar</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record the stream as received</source>
   <translation>Grabar el flujo tal como llega</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Snapshot</source>
   <translation>Captura</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Step back</source>
   <translation>Retroceder</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>The station did not hand over its recordings.</source>
   <translation>La estación no entregó sus grabaciones.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>There is no video yet.</source>
   <translation>Aún no hay vídeo.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>kept as {file}</source>
   <translation>guardado como {file}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>recording ended: {count} files {detail}</source>
   <translation>grabación terminada: {count} archivos {detail}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>state of the stream not known for {age}</source>
   <translation>estado del flujo desconocido desde hace {age}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>the snapshot could not be kept: {error}</source>
   <translation>no se pudo guardar la captura: {error}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>there is no picture to keep</source>
   <translation>no hay imagen que guardar</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>was recording</source>
   <translation>estaba grabando</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>{seconds} s back</source>
   <translation>{seconds} s atrás</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>◀ 5 s</source>
   <translation>◀ 5 s</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>● RECORDING {seconds} s</source>
   <translation>● GRABANDO {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>Wizard</name>
  <message>
   <location filename="../planner/wizard.py" />
   <source>1 See</source>
   <translation>1 Ver</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>2 How often</source>
   <translation>2 Frecuencia</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>3 Who flies</source>
   <translation>3 Quién vuela</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>4 Check</source>
   <translation>4 Comprobar</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>5 Upload</source>
   <translation>5 Enviar</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Aircraft</source>
   <translation>Aeronave</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ask for a patrol</source>
   <translation>Pedir una patrulla</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Back</source>
   <translation>Atrás</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Change the patrol</source>
   <translation>Cambiar la patrulla</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Checking ...</source>
   <translation>Comprobando ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Distance from the border</source>
   <translation>Distancia a la frontera</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw a keep-out zone</source>
   <translation>Dibujar una zona prohibida</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw it on the map</source>
   <translation>Dibujarlo en el mapa</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every</source>
   <translation>Cada</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every finding stands below; a click on one takes the map there.</source>
   <translation>Cada hallazgo está abajo; un clic lleva el mapa allí.</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures from a file ...</source>
   <translation>Datos de un archivo ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures of an aircraft</source>
   <translation>Datos de una aeronave</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>From, along the border</source>
   <translation>Desde, a lo largo de la frontera</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Height above ground</source>
   <translation>Altura sobre el suelo</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How</source>
   <translation>Cómo</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How many</source>
   <translation>Cuántas</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How often is it to be seen?</source>
   <translation>¿Con qué frecuencia debe verse?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Left of the line (right: minus)</source>
   <translation>A la izquierda de la línea (derecha: menos)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Next</source>
   <translation>Siguiente</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>No patrol is asked for yet</source>
   <translation>Aún no se ha pedido ninguna patrulla</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Not to be flown: {first}</source>
   <translation>No se debe volar: {first}</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Radius</source>
   <translation>Radio</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ready to be uploaded: no errors</source>
   <translation>Listo para enviar: sin errores</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Stand for</source>
   <translation>Permanecer</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Take-off</source>
   <translation>Despegue</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Takes off at</source>
   <translation>Despega de</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>The border is {m} m long</source>
   <translation>La frontera mide {m} m</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>To</source>
   <translation>Hasta</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Watch lasts</source>
   <translation>La guardia dura</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>What is to be seen?</source>
   <translation>¿Qué debe verse?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Which one</source>
   <translation>Cuál</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Who flies, and how?</source>
   <translation>¿Quién vuela y cómo?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind</source>
   <translation>Viento</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind from</source>
   <translation>Viento de</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>battery left {p} %</source>
   <translation>batería restante {p} %</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>how long a place is out of sight: being worked out</source>
   <translation>cuánto tiempo queda un lugar fuera de la vista: calculando</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>none yet</source>
   <translation>aún ninguno</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>now; or 20:30 (UTC)</source>
   <translation>ahora; o 20:30 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>out of sight at most {s} s</source>
   <translation>fuera de la vista como máximo {s} s</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>the first, or whichever is best</source>
   <translation>el primero, o el mejor</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{km} km</source>
   <translation>{km} km</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{n} rounds</source>
   <translation>{n} vueltas</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{speed} m/s, {time} in the air, wind up to {wind} m/s</source>
   <translation>{speed} m/s, {time} en el aire, viento hasta {wind} m/s</translation>
  </message>
 </context>
 <context>
  <name>_HeightField</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above ground</source>
   <translation>m sobre el suelo</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above home</source>
   <translation>m sobre el despegue</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above sea level</source>
   <translation>m sobre el mar</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>none</source>
   <translation>ninguna</translation>
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
   <translation>ALARMA</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Animal</source>
   <translation>Animal</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Approaching the border</source>
   <translation>Se acerca a la frontera</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>CALL FOR HELP</source>
   <translation>LLAMADA DE AUXILIO</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>CORRECTED by the neighbour</source>
   <translation>CORREGIDA por el vecino</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Confirmed</source>
   <translation>Confirmada</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Crossing</source>
   <translation>Cruce</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>ESCALATED</source>
   <translation>ESCALADA</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>False alarm</source>
   <translation>Falsa alarma</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Group</source>
   <translation>Grupo</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>It is the neighbour's own.</source>
   <translation>Es del propio vecino.</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Leave it there</source>
   <translation>Dejarlo allí</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Loitering</source>
   <translation>Merodeo</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>NOT ACKNOWLEDGED {time}</source>
   <translation>SIN ACUSAR {time}</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>NOT SAVED YET: the station's disk does not take it</source>
   <translation>AÚN NO GUARDADO: el disco de la estación no lo acepta</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Needs help</source>
   <translation>Necesita ayuda</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour has been heard yet.</source>
   <translation>Aún no se ha oído a ningún vecino.</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>No hay vecino configurado: no se comparte nada.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Own patrol</source>
   <translation>Patrulla propia</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Person down: help needed?</source>
   <translation>Persona en el suelo: ¿necesita ayuda?</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>TAKEN BACK by the neighbour</source>
   <translation>RETIRADA por el vecino</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>THEIRS: {peer}</source>
   <translation>DEL VECINO: {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Take it back</source>
   <translation>Retirarlo</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The record of a neighbour's incident is the neighbour's.</source>
   <translation>El expediente de un incidente del vecino lo tiene el vecino.</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The station did not hand over its records.</source>
   <translation>La estación no entregó sus registros.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Vehicle stopped</source>
   <translation>Vehículo detenido</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>WATCH</source>
   <translation>ATENCIÓN</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>clip</source>
   <translation>clip</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>handed to {peer}</source>
   <translation>entregada a {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>left with the neighbour as it was told</source>
   <translation>dejado al vecino tal como se comunicó</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>not classified</source>
   <translation>sin clasificar</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>offered to {peer}; it stays ours until they accept</source>
   <translation>ofrecida a {peer}; sigue nuestra hasta que acepte</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>person</source>
   <translation>persona</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>place unknown</source>
   <translation>lugar desconocido</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>probability not told</source>
   <translation>probabilidad no indicada</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>saved</source>
   <translation>guardado</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by the neighbour</source>
   <translation>vista por el vecino</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by {name} {time}</source>
   <translation>vista por {name} {time}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>taken back from the neighbour: {reason}</source>
   <translation>retirado al vecino: {reason}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>the procedure proposes this</source>
   <translation>lo propone el procedimiento</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>the report is being made …</source>
   <translation>se está haciendo el informe …</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>to</source>
   <translation>a</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>two-wheeler</source>
   <translation>dos ruedas</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>vehicle</source>
   <translation>vehículo</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>{peer} tells: </source>
   <translation>{peer} comunica: </translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>{verdict}: take back what the neighbour was told of this?</source>
   <translation>{verdict}: ¿retirar lo que se comunicó al vecino de esto?</translation>
  </message>
 </context>
 <context>
  <name>crash</name>
  <message>
   <location filename="../craft/crash.py" />
   <source>A part of the console failed and the rest goes on: {error}. Report: {path}</source>
   <translation>Falló una parte de la consola y el resto sigue: {error}. Informe: {path}</translation>
  </message>
  <message>
   <location filename="../craft/crash.py" />
   <source>nowhere: the disk did not take it</source>
   <translation>en ningún sitio: el disco no lo aceptó</translation>
  </message>
 </context>
 <context>
  <name>flight</name>
  <message>
   <location filename="../flight/words.py" />
   <source>AREAS LEFT OUT</source>
   <translation>FALTAN ZONAS</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>BREACHED</source>
   <translation>VULNERADA</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>LOST {age}</source>
   <translation>PERDIDO {age}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT good</source>
   <translation>NO es buena</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT in force</source>
   <translation>NO en vigor</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>Nothing is heard. The aircraft takes its own lost-link action; orders do not reach it.</source>
   <translation>No se recibe nada. La aeronave actúa por sí misma ante la pérdida de enlace; las órdenes no le llegan.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft does not trust its own position.</source>
   <translation>La aeronave no se fía de su propia posición.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft holds no fence.</source>
   <translation>La aeronave no tiene valla.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft is outside its fence.</source>
   <translation>La aeronave está fuera de su valla.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft keeps a fence that this station has not verified.</source>
   <translation>La aeronave respeta una valla que esta estación no ha verificado.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft's fence is off.</source>
   <translation>La valla de la aeronave está apagada.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The traffic receiver has gone quiet.</source>
   <translation>El receptor de tráfico ha callado.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>clear</source>
   <translation>libre</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>in force</source>
   <translation>en vigor</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no fault</source>
   <translation>sin fallos</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no receiver is heard</source>
   <translation>no se recibe ningún receptor</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>none</source>
   <translation>ninguna</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>not known</source>
   <translation>no se sabe</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on arming</source>
   <translation>al armar</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on, not ours</source>
   <translation>activa, no es la nuestra</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>only reports</source>
   <translation>solo avisa</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft tells nothing of its battery</source>
   <translation>la aeronave no dice nada de su batería</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft's own reckoning of the time until it is empty</source>
   <translation>cálculo de la aeronave del tiempo hasta que se vacíe</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>time until 20 % are left, from how it goes down</source>
   <translation>tiempo hasta que quede el 20 %, según cómo baja</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>until a restart</source>
   <translation>hasta un reinicio</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>was {word}</source>
   <translation>era {word}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{count} sats</source>
   <translation>{count} sat.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{difference} m in height, nearest in {seconds} s at {metres} m</source>
   <translation>{difference} m de altura, lo más cerca en {seconds} s a {metres} m</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{fault}  (+{more})</source>
   <translation>{fault}  (+{more})</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · desarmada</translation>
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
   <translation>Pausa</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Resume</source>
   <translation>Reanudar</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Return</source>
   <translation>Volver</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Start</source>
   <translation>Iniciar</translation>
  </message>
 </context>
 <context>
  <name>guide</name>
  <message>
   <location filename="../craft/guide.py" />
   <source>Alerts: choose it, look at it, then acknowledge it.</source>
   <translation>Alertas: elegirla, mirarla y luego acusar recibo.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An aircraft is heard</source>
   <translation>Se recibe una aeronave</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An alert comes</source>
   <translation>Llega una alerta</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Answer it</source>
   <translation>Respóndala</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Before the flight: press Read the list. Do what it asks for until it says May start.</source>
   <translation>Antes del vuelo: pulsar Leer la lista. Hacer lo que pide hasta que autorice la salida.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Bring it home</source>
   <translation>Tráigala a casa</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Return for a second. F8 makes it hold still at any time.</source>
   <translation>Órdenes: mantener Regreso un segundo. F8 la detiene en cualquier momento.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Start for a second. The aircraft takes off and follows the line.</source>
   <translation>Órdenes: mantener Inicio un segundo. La aeronave despega y sigue la línea.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Plan a patrol and send it</source>
   <translation>Planificar una patrulla y enviarla</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Planner: read each page and press Next, four times: what is to be seen, how often, who flies, what the checks say. Then press Upload. Done when it says IN FORCE.</source>
   <translation>Planificador: leer cada página y pulsar Siguiente, cuatro veces: qué se ha de ver, con qué frecuencia, quién vuela, qué dicen las comprobaciones. Luego pulsar Enviar. Hecho cuando diga EN VIGOR.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Read the list</source>
   <translation>Leer la lista</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Somebody crosses the border within a minute or two: the lamp Alerts tells it.</source>
   <translation>Alguien cruza la frontera en uno o dos minutos: lo dice la luz Alertas.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Start</source>
   <translation>Iniciar</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Wait until a row with its number stands at the top, and Position says its satellites.</source>
   <translation>Espere a que arriba haya una fila con su número y Posición diga sus satélites.</translation>
  </message>
 </context>
 <context>
  <name>keys</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Camera: turn, while its stick has the keyboard</source>
   <translation>Cámara: girar, mientras su mando tiene el teclado</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Choose an aircraft</source>
   <translation>Elegir una aeronave</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Hold position, at once</source>
   <translation>Mantener la posición, al momento</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: age of what was seen</source>
   <translation>Mapa: edad de lo visto</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the aircraft</source>
   <translation>Mapa: la aeronave</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the patrol</source>
   <translation>Mapa: la patrulla</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: whole area</source>
   <translation>Mapa: toda la zona</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Next button; press or hold it</source>
   <translation>Botón siguiente; pulsar o mantener</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Return: hold the space bar</source>
   <translation>Volver: mantener la barra espaciadora</translation>
  </message>
 </context>
 <context>
  <name>link</name>
  <message>
   <location filename="../link_lamp.py" />
   <source>alive</source>
   <translation>activo</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>not measured</source>
   <translation>sin medir</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>slow, {seconds} s</source>
   <translation>lento, {seconds} s</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{hint}, over {name}</source>
   <translation>{hint}, por {name}</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost</source>
   <translation>{percent} % perdido</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost, round trip {time}</source>
   <translation>{percent} % perdido, ida y vuelta {time}</translation>
  </message>
 </context>
 <context>
  <name>map</name>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>(own side)</source>
   <translation>(lado propio)</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>, not seen for {n} s</source>
   <translation>, sin verse desde hace {n} s</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>1 to 3 h ago</source>
   <translation>hace de 1 a 3 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>10 to 30 min ago</source>
   <translation>hace de 10 a 30 min</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>3 to 8 h ago</source>
   <translation>hace de 3 a 8 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>30 min to 1 h ago</source>
   <translation>hace de 30 min a 1 h</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>90 % ellipse; hollow: not seen now</source>
   <translation>elipse del 90 %; hueco: no visto ahora</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>; ceiling {n} m above home</source>
   <translation>; techo {n} m sobre el origen</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>Age map</source>
   <translation>Mapa de edad</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Air traffic</source>
   <translation>Tráfico aéreo</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Aircraft, way flown</source>
   <translation>Aeronave, camino volado</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/ground.py" />
   <source>Area</source>
   <translation>Zona</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>Background</source>
   <translation>Fondo</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Border and its sides</source>
   <translation>Frontera y sus lados</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Camera sees</source>
   <translation>La cámara ve</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>Degrees</source>
   <translation>Grados</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Fences</source>
   <translation>Vallas</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <location filename="../map/layers/fences.py" />
   <source>Flight</source>
   <translation>Vuelo</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>H launch, R rally</source>
   <translation>H salida, R reunión</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Incidents</source>
   <translation>Incidentes</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Keep-out zones</source>
   <translation>Zonas prohibidas</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Launch, rally, obstacles</source>
   <translation>Salida, reunión, obstáculos</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>MGRS grid</source>
   <translation>Cuadrícula MGRS</translation>
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
   <translation>SIN ENLACE</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: last told {age} ago</source>
   <translation>NO confirmado: último aviso hace {age}</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: the aircraft has not told that it acts</source>
   <translation>NO confirmado: la aeronave no ha dicho que actúa</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: {why}</source>
   <translation>NO confirmado: {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Neighbour's tracks</source>
   <translation>Trazas del vecino</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>No-look areas</source>
   <translation>Zonas que no se miran</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/others.py" />
   <source>Others</source>
   <translation>Otros</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Own patrols</source>
   <translation>Patrullas propias</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>Own tracks</source>
   <translation>Trazas propias</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Patrol</source>
   <translation>Patrulla</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <location filename="../map/layers/others.py" />
   <location filename="../map/layers/tracks.py" />
   <source>Seen</source>
   <translation>Visto</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Shared with the neighbour</source>
   <translation>Compartido con el vecino</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Wind and fence forecast</source>
   <translation>Viento y previsión de valla</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>acknowledged</source>
   <translation>confirmado</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>age map: nothing is known yet</source>
   <translation>mapa de edad: aún no se sabe nada</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic on collision course</source>
   <translation>tráfico aéreo en rumbo de colisión</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic, 30 s ahead</source>
   <translation>tráfico aéreo, a 30 s</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>alarm, with its CE90</source>
   <translation>alarma, con su CE90</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>area {area}</source>
   <translation>superficie {area}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>camera must not look
{name}</source>
   <translation>la cámara no debe mirar
{name}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>ceiling</source>
   <translation>techo</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>class not sure</source>
   <translation>clase dudosa</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the first corner</source>
   <translation>pulse la primera esquina</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the next</source>
   <translation>pulse la siguiente</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence</source>
   <translation>valla</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence forecast</source>
   <translation>previsión de valla</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>fence {state}</source>
   <translation>valla {state}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>floor</source>
   <translation>suelo</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>from {height} up</source>
   <translation>desde {height}</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground height not known</source>
   <translation>altura del terreno desconocida</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground {n} m AMSL</source>
   <translation>terreno {n} m s. n. m.</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force</source>
   <translation>en vigor</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force, BREACHED</source>
   <translation>en vigor, VULNERADA</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>keep out</source>
   <translation>prohibido</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>may not be looked at</source>
   <translation>no se puede mirar</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>more than 8 h ago</source>
   <translation>hace más de 8 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>never seen</source>
   <translation>nunca visto</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>no answer: {names}</source>
   <translation>sin respuesta: {names}</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>not counted now: {why}</source>
   <translation>no contado ahora: {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>not now: {hours} UTC</source>
   <translation>ahora no: {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>notice</source>
   <translation>aviso</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>now: {hours} UTC</source>
   <translation>ahora: {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>obstacle</source>
   <translation>obstáculo</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>person</source>
   <translation>persona</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>planned, NOT in force</source>
   <translation>planeada, NO en vigor</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>seen less than 10 min ago</source>
   <translation>visto hace menos de 10 min</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>shared with the neighbour inside</source>
   <translation>compartido con el vecino dentro</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>someone may need help</source>
   <translation>alguien puede necesitar ayuda</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>stay inside</source>
   <translation>permanecer dentro</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>two-wheeler</source>
   <translation>dos ruedas</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>unsure</source>
   <translation>dudoso</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>up to {height}</source>
   <translation>hasta {height}</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>vehicle</source>
   <translation>vehículo</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>whole way {distance}</source>
   <translation>camino total {distance}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>will meet a fence</source>
   <translation>llegará a una valla</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind as the aircraft tells it, to where it blows</source>
   <translation>viento según la aeronave, hacia donde sopla</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind {n} m/s</source>
   <translation>viento {n} m/s</translation>
  </message>
  <message>
   <location filename="../map/freshness.py" />
   <source>{age} old</source>
   <translation>hace {age}</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>{distance}, {bearing}° true</source>
   <translation>{distance}, {bearing}° verdadero</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: brake in {n} s</source>
   <translation>{fence}: frenar en {n} s</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: cannot stop before it</source>
   <translation>{fence}: no puede parar antes</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>{name} (not in force)</source>
   <translation>{name} (no en vigor)</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>{name}, top {height}</source>
   <translation>{name}, cima {height}</translation>
  </message>
 </context>
 <context>
  <name>menus</name>
  <message>
   <location filename="../menus.py" />
   <source>Another window</source>
   <translation>Otra ventana</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Arrange panels</source>
   <translation>Ordenar los paneles</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>As at first</source>
   <translation>Como al principio</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Close the console (the station goes on)</source>
   <translation>Cerrar la consola (la estación sigue)</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Colours</source>
   <translation>Colores</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Help</source>
   <translation>Ayuda</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep as…</source>
   <translation>Guardar como…</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep the layout</source>
   <translation>Guardar la disposición</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Larger text</source>
   <translation>Texto más grande</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Layout</source>
   <translation>Disposición</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Name</source>
   <translation>Nombre</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next colours</source>
   <translation>Colores siguientes</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next panel</source>
   <translation>Panel siguiente</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panel before</source>
   <translation>Panel anterior</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panels shown</source>
   <translation>Paneles visibles</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Report: {path}</source>
   <translation>Informe: {path}</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Share</source>
   <translation>Compartir</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Shift</source>
   <translation>Turno</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Smaller text</source>
   <translation>Texto más pequeño</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Station</source>
   <translation>Estación</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>View</source>
   <translation>Vista</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Whole screen</source>
   <translation>Pantalla completa</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Write a report</source>
   <translation>Escribir un informe</translation>
  </message>
 </context>
 <context>
  <name>pairs</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>cannot be compared</source>
   <translation>no comparables</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>different</source>
   <translation>distintas</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>the same</source>
   <translation>la misma</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>undecided</source>
   <translation>indeciso</translation>
  </message>
 </context>
 <context>
  <name>plan</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>FAILED</source>
   <translation>FALLIDO</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>EN VIGOR: releído e idéntico</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>checking the plan</source>
   <translation>comprobando el plan</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>no plan sent</source>
   <translation>ningún plan enviado</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>reading back</source>
   <translation>releyendo</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>uploading</source>
   <translation>enviando</translation>
  </message>
 </context>
 <context>
  <name>planner</name>
  <message>
   <location filename="../planner/choices.py" />
   <source>A line (a road, a river)</source>
   <translation>Una línea (carretera, río)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A point</source>
   <translation>Un punto</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A stretch of the border</source>
   <translation>Un tramo de la frontera</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Again and again, as long as the battery gives</source>
   <translation>Una y otra vez, mientras dure la batería</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>An area</source>
   <translation>Una zona</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>At times nobody can foresee, on average every</source>
   <translation>En momentos imprevisibles, en promedio cada</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Border line</source>
   <translation>Línea de frontera</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Circle</source>
   <translation>Círculo</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Corridor</source>
   <translation>Corredor</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>Drawing</source>
   <translation>Dibujo</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Flight area (stay inside)</source>
   <translation>Zona de vuelo (permanecer dentro)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Fly round it</source>
   <translation>Volar alrededor</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Keep-out zone</source>
   <translation>Zona prohibida</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Launch point</source>
   <translation>Punto de despegue</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Line</source>
   <translation>Línea</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Never out of sight for longer than</source>
   <translation>Nunca fuera de la vista más de</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>No-look area</source>
   <translation>Zona que no se mira</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Obstacle</source>
   <translation>Obstáculo</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Once</source>
   <translation>Una vez</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Place to be seen</source>
   <translation>Lugar que debe verse</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Point</source>
   <translation>Punto</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Polygon</source>
   <translation>Polígono</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Rally point</source>
   <translation>Punto de reunión</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Search outwards from it</source>
   <translation>Buscar hacia fuera desde él</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Stand and look at it</source>
   <translation>Detenerse y mirar</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>The whole border</source>
   <translation>Toda la frontera</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: do not look</source>
   <translation>dibujado: no mirar</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: keep out</source>
   <translation>dibujado: no entrar</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: stay inside</source>
   <translation>dibujado: permanecer dentro</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>planned way</source>
   <translation>ruta prevista</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>what the aircraft holds</source>
   <translation>lo que contiene la aeronave</translation>
  </message>
 </context>
 <context>
  <name>replay</name>
  <message>
   <location filename="../replay/words.py" />
   <source>REPLAY</source>
   <translation>REPRODUCCIÓN</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The replay from {moment} is in a window of its own.</source>
   <translation>La reproducción desde {moment} está en su propia ventana.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The station did not run at that time: there is nothing to show.</source>
   <translation>La estación no funcionaba entonces: no hay nada que mostrar.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no MAVLink recording: aircraft as kept once a second</source>
   <translation>sin grabación MAVLink: aeronaves según lo guardado cada segundo</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no age map of that time</source>
   <translation>sin mapa de antigüedad de ese tiempo</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no recorded video</source>
   <translation>sin vídeo grabado</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no tracks of the neighbour from that time</source>
   <translation>ninguna traza del vecino de ese tiempo</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>reading what was kept of that time …</source>
   <translation>leyendo lo guardado de ese tiempo …</translation>
  </message>
 </context>
 <context>
  <name>report</name>
  <message>
   <location filename="../shift/report.py" />
   <source>Aircraft</source>
   <translation>Aeronave</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Clip</source>
   <translation>Clip</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Cut so that nobody else is in them.</source>
   <translation>Recortadas para que no salga nadie más.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence</source>
   <translation>Pruebas</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence package</source>
   <translation>Paquete de pruebas</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Flight</source>
   <translation>Vuelo</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>From</source>
   <translation>Desde</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Handover sheet {station}</source>
   <translation>Hoja de relevo {station}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident</source>
   <translation>Incidente</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident report {id}</source>
   <translation>Informe del incidente {id}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Log book</source>
   <translation>Libro de servicio</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Made by {name} at {station}, {when}.</source>
   <translation>Hecho por {name} en {station}, {when}.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Missing</source>
   <translation>Falta</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>NOT ACKNOWLEDGED</source>
   <translation>SIN ACUSAR</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not acknowledged</source>
   <translation>Sin acusar</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not classified</source>
   <translation>Sin clasificar</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Notes</source>
   <translation>Notas</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Pictures</source>
   <translation>Imágenes</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Probability of the geometry</source>
   <translation>Probabilidad de la geometría</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Raised</source>
   <translation>Emitida</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Rule</source>
   <translation>Regla</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of its manifest</source>
   <translation>SHA-256 de su manifiesto</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of the clip</source>
   <translation>SHA-256 del clip</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>STILL WAITING</source>
   <translation>AÚN EN ESPERA</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Seen, not classified</source>
   <translation>Vistas, sin clasificar</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>To</source>
   <translation>Hasta</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Told as</source>
   <translation>Comunicado como</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Track</source>
   <translation>Traza</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Verdict</source>
   <translation>Clasificación</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What</source>
   <translation>Qué</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What was done</source>
   <translation>Qué se hizo</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>When</source>
   <translation>Cuándo</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Where (90 % radius)</source>
   <translation>Dónde (radio del 90 %)</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>acknowledged by {name}</source>
   <translation>acusada por {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>escalada: nadie la había acusado</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>handed to {peer} by {name}</source>
   <translation>entregada a {peer} por {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not classified</source>
   <translation>sin clasificar</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not done</source>
   <translation>no hecho</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>{when} by {name}, {took} after it was raised</source>
   <translation>{when} por {name}, {took} tras la emisión</translation>
  </message>
 </context>
 <context>
  <name>shift</name>
  <message>
   <location filename="../shift/view.py" />
   <source>NOTE</source>
   <translation>NOTA</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert</source>
   <translation>alerta</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert: done</source>
   <translation>alerta: hecho</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>everything</source>
   <translation>todo</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>flight</source>
   <translation>vuelo</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 12 hours</source>
   <translation>últimas 12 horas</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 24 hours</source>
   <translation>últimas 24 horas</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 7 days</source>
   <translation>últimos 7 días</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>neighbour</source>
   <translation>vecino</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>order</source>
   <translation>orden</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>plan</source>
   <translation>plan</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the report could not be written: {error}</source>
   <translation>no se pudo escribir el informe: {error}</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>written: {page} and {printed}</source>
   <translation>escrito: {page} y {printed}</translation>
  </message>
 </context>
 <context>
  <name>themes</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Dark</source>
   <translation>Oscuro</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Light</source>
   <translation>Claro</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Night, red</source>
   <translation>Noche, rojo</translation>
  </message>
 </context>
 <context>
  <name>units</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Feet and knots</source>
   <translation>Pies y nudos</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Metres and metres per second</source>
   <translation>Metros y metros por segundo</translation>
  </message>
 </context>
 <context>
  <name>video</name>
  <message>
   <location filename="../video/snapshot.py" />
   <source>NOT LIVE: {seconds} s old</source>
   <translation>NO EN DIRECTO: {seconds} s de antigüedad</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>as received</source>
   <translation>tal como llega</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>black hot</source>
   <translation>caliente en negro</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>green</source>
   <translation>verde</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>ironbow</source>
   <translation>arco de hierro</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>no KLV</source>
   <translation>sin KLV</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>no camera pose for this frame</source>
   <translation>sin pose de cámara para este fotograma</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no ground there</source>
   <translation>ahí no hay suelo</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: no terrain model</source>
   <translation>sin posición: no hay modelo del terreno</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: this frame has no camera pose</source>
   <translation>sin posición: este fotograma no tiene pose de cámara</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>taken by {name} from the preview, colours as received</source>
   <translation>tomada por {name} de la vista previa, colores tal como llegaron</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>white hot</source>
   <translation>caliente en blanco</translation>
  </message>
 </context>
 <context>
  <name>views</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <location filename="../views.py" />
   <source>Aircraft</source>
   <translation>Aeronave</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Alerts</source>
   <translation>Alertas</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <location filename="../views.py" />
   <source>Before the flight</source>
   <translation>Antes del vuelo</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <location filename="../views.py" />
   <source>Camera</source>
   <translation>Cámara</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <location filename="../views.py" />
   <source>First steps</source>
   <translation>Primeros pasos</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Flight</source>
   <translation>Vuelo</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Keys</source>
   <translation>Teclas</translation>
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
   <translation>Vecino</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <location filename="../views.py" />
   <source>Orders</source>
   <translation>Órdenes</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Planner</source>
   <translation>Planificador</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Settings</source>
   <translation>Ajustes</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <location filename="../views.py" />
   <source>Several aircraft</source>
   <translation>Varias aeronaves</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Shift</source>
   <translation>Turno</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Video</source>
   <translation>Vídeo</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>What the station says</source>
   <translation>Lo que dice la estación</translation>
  </message>
 </context>
</TS>
