<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
 <context>
  <name>AircraftStrip</name>
  <message>
   <location filename="../flight/strip.py" />
   <source>Aircraft</source>
   <translation>Aircraft</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Battery</source>
   <translation>Battery</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Camera</source>
   <translation>Camera</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Faults, and what to do</source>
   <translation>Faults, and what to do</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Fence</source>
   <translation>Fence</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Flight</source>
   <translation>Flight</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Link</source>
   <translation>Link</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>No aircraft is heard yet.</source>
   <translation>No aircraft is heard yet.</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Position</source>
   <translation>Position</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Show this aircraft; orders go to it (Alt+{number})</source>
   <translation>Show this aircraft; orders go to it (Alt+{number})</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Traffic</source>
   <translation>Traffic</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>free</source>
   <translation>free</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>not known</source>
   <translation>not known</translation>
  </message>
 </context>
 <context>
  <name>AlertDetail</name>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Acknowledge  Ctrl+K</source>
   <translation>Acknowledge  Ctrl+K</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Add note</source>
   <translation>Add note</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Clip</source>
   <translation>Clip</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Hand to the neighbour</source>
   <translation>Hand to the neighbour</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Incident report as HTML and PDF</source>
   <translation>Incident report as HTML and PDF</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>No alert is chosen.</source>
   <translation>No alert is chosen.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Note</source>
   <translation>Note</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Report</source>
   <translation>Report</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Show on map</source>
   <translation>Show on map</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>There is no clip yet, or none was written.</source>
   <translation>There is no clip yet, or none was written.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Told by the neighbour {peer}</source>
   <translation>Told by the neighbour {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>escalated: nobody had acknowledged it</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>handed to {peer} by {name}</source>
   <translation>handed to {peer} by {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{time} acknowledged by {name}</source>
   <translation>{time} acknowledged by {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{verdict}, says {name}</source>
   <translation>{verdict}, says {name}</translation>
  </message>
 </context>
 <context>
  <name>AlertsView</name>
  <message>
   <location filename="../alerts/view.py" />
   <source>Alerts</source>
   <translation>Alerts</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>No program opens the clip: {file}</source>
   <translation>No program opens the clip: {file}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>Nobody has acknowledged: {alert}</source>
   <translation>Nobody has acknowledged: {alert}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The clip {file} is not there any more.</source>
   <translation>The clip {file} is not there any more.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The station did not hand over its alerts.</source>
   <translation>The station did not hand over its alerts.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>none waiting</source>
   <translation>none waiting</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>nothing new above</source>
   <translation>nothing new above</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} alerts wait   {first}</source>
   <translation>{count} alerts wait   {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} new: {first}</source>
   <translation>{count} new: {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} waiting</source>
   <translation>{count} waiting</translation>
  </message>
 </context>
 <context>
  <name>CameraPanel</name>
  <message>
   <location filename="../flight/camera.py" />
   <source>Ahead</source>
   <translation>Ahead</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Along the border</source>
   <translation>Along the border</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Another station is in control: {name}.</source>
   <translation>Another station is in control: {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Closer</source>
   <translation>Closer</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Drag, or arrow keys, to turn the camera; the wheel zooms</source>
   <translation>Drag, or arrow keys, to turn the camera; the wheel zooms</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Held by {name}.</source>
   <translation>Held by {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look at the selected track, or at the place that was last asked for on the map</source>
   <translation>Look at the selected track, or at the place that was last asked for on the map</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look here</source>
   <translation>Look here</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Looks {azimuth} from north, {elevation} up</source>
   <translation>Looks {azimuth} from north, {elevation} up</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Nobody holds it.</source>
   <translation>Nobody holds it.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Release</source>
   <translation>Release</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take the camera</source>
   <translation>Take the camera</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take…</source>
   <translation>Take…</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>The aircraft is not heard: where the camera looks is not known.</source>
   <translation>The aircraft is not heard: where the camera looks is not known.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>This console was opened without a link to an aircraft.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Told to look at: {place}</source>
   <translation>Told to look at: {place}</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Who holds it is not known.</source>
   <translation>Who holds it is not known.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Wider</source>
   <translation>Wider</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>You hold it.</source>
   <translation>You hold it.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>no aircraft</source>
   <translation>no aircraft</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} asks for it: use it to keep it.</source>
   <translation>{name} asks for it: use it to keep it.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} holds it. Why is it taken?</source>
   <translation>{name} holds it. Why is it taken?</translation>
  </message>
 </context>
 <context>
  <name>CheckList</name>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>({time} late)</source>
   <translation>({time} late)</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>LATE {time}</source>
   <translation>LATE {time}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>No procedure is written for this kind of alert.</source>
   <translation>No procedure is written for this kind of alert.</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>saving …</source>
   <translation>saving …</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} by {name}</source>
   <translation>{time} by {name}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} left</source>
   <translation>{time} left</translation>
  </message>
 </context>
 <context>
  <name>ChecklistPanel</name>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start</source>
   <translation>May start</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start, {count} warnings</source>
   <translation>May start, {count} warnings</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>No start: {failed} failed, {unknown} not seen</source>
   <translation>No start: {failed} failed, {unknown} not seen</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>OLD: read it again</source>
   <translation>OLD: read it again</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Read the list</source>
   <translation>Read the list</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Reading from the aircraft …</source>
   <translation>Reading from the aircraft …</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>The list has not been read.</source>
   <translation>The list has not been read.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>This console was opened without a link to an aircraft.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>read {age} ago</source>
   <translation>read {age} ago</translation>
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
   <translation> - OLD: it may have been sent another plan since, read it again</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft</source>
   <translation>Aircraft</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft {n}</source>
   <translation>Aircraft {n}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Differences</source>
   <translation>Differences</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>It could not be read: {why}</source>
   <translation>It could not be read: {why}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No aircraft was heard yet</source>
   <translation>No aircraft was heard yet</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No link to this aircraft</source>
   <translation>No link to this aircraft</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Not read yet</source>
   <translation>Not read yet</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read at {t}, {age} s ago</source>
   <translation>Read at {t}, {age} s ago</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read what it holds</source>
   <translation>Read what it holds</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Reading aircraft {n} ...</source>
   <translation>Reading aircraft {n} ...</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>The aircraft holds exactly this plan: mission, fence and rally points</source>
   <translation>The aircraft holds exactly this plan: mission, fence and rally points</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>There is no plan here to compare with; the aircraft holds {what}</source>
   <translation>There is no plan here to compare with; the aircraft holds {what}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>This station does not read plans back for its console</source>
   <translation>This station does not read plans back for its console</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Wait: the plan is being checked</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>given up</source>
   <translation>given up</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>{n} differences</source>
   <translation>{n} differences</translation>
  </message>
 </context>
 <context>
  <name>ConsoleWindow</name>
  <message>
   <location filename="../window.py" />
   <source>A screen is gone; back in the window: {names}</source>
   <translation>A screen is gone; back in the window: {names}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Age map (C)</source>
   <translation>Age map (C)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft</source>
   <translation>Aircraft</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft (F)</source>
   <translation>Aircraft (F)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Map</source>
   <translation>Map</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Patrol (P)</source>
   <translation>Patrol (P)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Status</source>
   <translation>Status</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>The language changes when the console is opened again.</source>
   <translation>The language changes when the console is opened again.</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>This part of the console could not be opened: {reason}</source>
   <translation>This part of the console could not be opened: {reason}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Whole area (Home)</source>
   <translation>Whole area (Home)</translation>
  </message>
 </context>
 <context>
  <name>ControlsPanel</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>Hold position: at once, one click or F8</source>
   <translation>Hold position: at once, one click or F8</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Land here</source>
   <translation>Land here</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}</source>
   <translation>Orders to {name}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}: not heard for {age}</source>
   <translation>Orders to {name}: not heard for {age}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Resume</source>
   <translation>Resume</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Return</source>
   <translation>Return</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start against the list…</source>
   <translation>Start against the list…</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Upload</source>
   <translation>Upload</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>was: {state}</source>
   <translation>was: {state}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{mission} mission, {fence} fence items</source>
   <translation>{mission} mission, {fence} fence items</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{order}: waiting for the aircraft</source>
   <translation>{order}: waiting for the aircraft</translation>
  </message>
 </context>
 <context>
  <name>DebugPage</name>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>A second</source>
   <translation>A second</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Age</source>
   <translation>Age</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Last value</source>
   <translation>Last value</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Records</source>
   <translation>Records</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>STALE</source>
   <translation>STALE</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>State</source>
   <translation>State</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Topic</source>
   <translation>Topic</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>live</source>
   <translation>live</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>never</source>
   <translation>never</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>{topics} topics, {silent} never heard</source>
   <translation>{topics} topics, {silent} never heard</translation>
  </message>
 </context>
 <context>
  <name>DrawPage</name>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Change</source>
   <translation>Change</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Delete</source>
   <translation>Delete</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Hole</source>
   <translation>Hole</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Merge</source>
   <translation>Merge</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Snap to corners and edges (hold Ctrl: not now)</source>
   <translation>Snap to corners and edges (hold Ctrl: not now)</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Split</source>
   <translation>Split</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Staying in any one flight area is enough</source>
   <translation>Staying in any one flight area is enough</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What is drawn</source>
   <translation>What is drawn</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What to draw</source>
   <translation>What to draw</translation>
  </message>
 </context>
 <context>
  <name>DrawTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>left side</source>
   <translation>left side</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>right side</source>
   <translation>right side</translation>
  </message>
 </context>
 <context>
  <name>EditTool</name>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Change the radius</source>
   <translation>Change the radius</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move corner</source>
   <translation>Move corner</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move shape</source>
   <translation>Move shape</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>New corner</source>
   <translation>New corner</translation>
  </message>
 </context>
 <context>
  <name>FileDialogs</name>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>A plan, to be checked and sent as it stands</source>
   <translation>A plan, to be checked and sent as it stands</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the drawing</source>
   <translation>Export the drawing</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the plan</source>
   <translation>Export the plan</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Go on?</source>
   <translation>Go on?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import</source>
   <translation>Import</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import a file</source>
   <translation>Import a file</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import {file}</source>
   <translation>Import {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Maps</source>
   <translation>Maps</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not saved</source>
   <translation>Not saved</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not taken in</source>
   <translation>Not taken in</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Open a patrol</source>
   <translation>Open a patrol</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Opened {file}</source>
   <translation>Opened {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Patrols</source>
   <translation>Patrols</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans</source>
   <translation>Plans</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans and maps</source>
   <translation>Plans and maps</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Save the patrol</source>
   <translation>Save the patrol</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Saved as {file}</source>
   <translation>Saved as {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Shapes, for the drawing</source>
   <translation>Shapes, for the drawing</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The drawing {name!r} is not saved. Save it?</source>
   <translation>The drawing {name!r} is not saved. Save it?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The file cannot hold</source>
   <translation>The file cannot hold</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>There is no plan yet</source>
   <translation>There is no plan yet</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Wait: the plan is being checked</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>What is {file} to be?</source>
   <translation>What is {file} to be?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Written: {files}</source>
   <translation>Written: {files}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>leave them out</source>
   <translation>leave them out</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>{n} shapes do not say what they are. They are:</source>
   <translation>{n} shapes do not say what they are. They are:</translation>
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
   <translation>... and {n} more</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checked: no errors. Warnings: {m}</source>
   <translation>Checked: no errors. Warnings: {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checking ...</source>
   <translation>Checking ...</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>ERROR</source>
   <translation>ERROR</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Errors that forbid an upload: {n}. Warnings: {m}</source>
   <translation>Errors that forbid an upload: {n}. Warnings: {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Findings</source>
   <translation>Findings</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Note</source>
   <translation>Note</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Nothing is drawn yet</source>
   <translation>Nothing is drawn yet</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Repair (Shift+R)</source>
   <translation>Repair (Shift+R)</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>The drawing has no errors. No patrol is asked for yet</source>
   <translation>The drawing has no errors. No patrol is asked for yet</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Warning</source>
   <translation>Warning</translation>
  </message>
 </context>
 <context>
  <name>FlightDisplay</name>
  <message>
   <location filename="../flight/display.py" />
   <source>NOT LIVE, heard {age} ago</source>
   <translation>NOT LIVE, heard {age} ago</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>armed</source>
   <translation>armed</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>disarmed</source>
   <translation>disarmed</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>item {number} of {total}</source>
   <translation>item {number} of {total}</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>kt over ground</source>
   <translation>kt over ground</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>m/s over ground</source>
   <translation>m/s over ground</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no aircraft</source>
   <translation>no aircraft</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no attitude</source>
   <translation>no attitude</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind not told</source>
   <translation>wind not told</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind {value} {unit}
from {direction}°</source>
   <translation>wind {value} {unit}
from {direction}°</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{unit} above home</source>
   <translation>{unit} above home</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{value} {unit} AMSL</source>
   <translation>{value} {unit} AMSL</translation>
  </message>
 </context>
 <context>
  <name>GoToDialog</name>
  <message>
   <location filename="../map/goto.py" />
   <source>Degrees, degrees and minutes, UTM or MGRS:</source>
   <translation>Degrees, degrees and minutes, UTM or MGRS:</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go</source>
   <translation>Go</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go to coordinate</source>
   <translation>Go to coordinate</translation>
  </message>
 </context>
 <context>
  <name>GroupPanel</name>
  <message>
   <location filename="../flight/group.py" />
   <source>Confirm</source>
   <translation>Confirm</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Prepare</source>
   <translation>Prepare</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>The order lapsed: nothing was sent.</source>
   <translation>The order lapsed: nothing was sent.</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Waiting for the aircraft …</source>
   <translation>Waiting for the aircraft …</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>not heard</source>
   <translation>not heard</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>{order} for {names}: hold Confirm within {seconds} s</source>
   <translation>{order} for {names}: hold Confirm within {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>GuidePanel</name>
  <message>
   <location filename="../craft/guide.py" />
   <source>I know my way now</source>
   <translation>I know my way now</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Show: {panel}</source>
   <translation>Show: {panel}</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>That was a whole patrol.</source>
   <translation>That was a whole patrol.</translation>
  </message>
 </context>
 <context>
  <name>HoldButton</name>
  <message>
   <location filename="../panels/common.py" />
   <source>Hold it for {seconds} s</source>
   <translation>Hold it for {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>HoleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that gets the hole first</source>
   <translation>Choose the shape that gets the hole first</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Cut a hole</source>
   <translation>Cut a hole</translation>
  </message>
 </context>
 <context>
  <name>JoystickReader</name>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>; moved last: {what}</source>
   <translation>; moved last: {what}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}</source>
   <translation>Joystick {name}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}: hold button {n}</source>
   <translation>Joystick {name}: hold button {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>No joystick is plugged in.</source>
   <translation>No joystick is plugged in.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>The joystick is gone: the camera was stopped.</source>
   <translation>The joystick is gone: the camera was stopped.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>axis {n}</source>
   <translation>axis {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>button {n}</source>
   <translation>button {n}</translation>
  </message>
 </context>
 <context>
  <name>JoystickRows</name>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis to the sides</source>
   <translation>Joystick: axis to the sides</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis up and down</source>
   <translation>Joystick: axis up and down</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: button that is held meanwhile</source>
   <translation>Joystick: button that is held meanwhile</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: still zone in the middle</source>
   <translation>Joystick: still zone in the middle</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Pushed forward it looks up</source>
   <translation>Pushed forward it looks up</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>The joystick turns the camera</source>
   <translation>The joystick turns the camera</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>none: as soon as it is moved</source>
   <translation>none: as soon as it is moved</translation>
  </message>
 </context>
 <context>
  <name>KeysPage</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Command</source>
   <translation>Command</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Key</source>
   <translation>Key</translation>
  </message>
 </context>
 <context>
  <name>Lamp</name>
  <message>
   <location filename="../panels/common.py" />
   <source>no data</source>
   <translation>no data</translation>
  </message>
 </context>
 <context>
  <name>Legend</name>
  <message>
   <location filename="../map/legend.py" />
   <source>Layers (L)</source>
   <translation>Layers (L)</translation>
  </message>
  <message>
   <location filename="../map/legend.py" />
   <source>{n} not live</source>
   <translation>{n} not live</translation>
  </message>
 </context>
 <context>
  <name>MapBar</name>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file</source>
   <translation>Add a map file</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file …</source>
   <translation>Add a map file …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Address with {z}, {x} and {y}; empty for none. Every tile is kept on this machine.</source>
   <translation>Address with {z}, {x} and {y}; empty for none. Every tile is kept on this machine.</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Background</source>
   <translation>Background</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Coordinates</source>
   <translation>Coordinates</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Follow (Shift+F)</source>
   <translation>Follow (Shift+F)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Go to (G)</source>
   <translation>Go to (G)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep this place</source>
   <translation>Keep this place</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep what is shown now …</source>
   <translation>Keep what is shown now …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>MGRS</source>
   <translation>MGRS</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Maps</source>
   <translation>Maps</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Measure (M)</source>
   <translation>Measure (M)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Name:</source>
   <translation>Name:</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Places</source>
   <translation>Places</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Remove</source>
   <translation>Remove</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server</source>
   <translation>Tile server</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server …</source>
   <translation>Tile server …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>UTM</source>
   <translation>UTM</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>decimal degrees</source>
   <translation>decimal degrees</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes</source>
   <translation>degrees, minutes</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes, seconds</source>
   <translation>degrees, minutes, seconds</translation>
  </message>
 </context>
 <context>
  <name>MapView</name>
  <message>
   <location filename="../map/view.py" />
   <source>Centre here</source>
   <translation>Centre here</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Choose aircraft {n}</source>
   <translation>Choose aircraft {n}</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Copy {place}</source>
   <translation>Copy {place}</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>The map follows the aircraft</source>
   <translation>The map follows the aircraft</translation>
  </message>
 </context>
 <context>
  <name>NeighbourPanel</name>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>No neighbour is set up: nothing is shared.</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>connected</source>
   <translation>connected</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>last receipt {age} ago</source>
   <translation>last receipt {age} ago</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not connected</source>
   <translation>not connected</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not known for {age}</source>
   <translation>not known for {age}</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>{stored} messages stored by them, {waiting} waiting, {withheld} withheld by the agreement, {received} received</source>
   <translation>{stored} messages stored by them, {waiting} waiting, {withheld} withheld by the agreement, {received} received</translation>
  </message>
 </context>
 <context>
  <name>OverrideDialog</name>
  <message>
   <location filename="../flight/override.py" />
   <source>Do not start</source>
   <translation>Do not start</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Reason</source>
   <translation>Reason</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send a plan that has errors</source>
   <translation>Send a plan that has errors</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it all the same</source>
   <translation>Send it all the same</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start aircraft {name} against the list</source>
   <translation>Start aircraft {name} against the list</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start anyway</source>
   <translation>Start anyway</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The checks forbid this plan. Your name and reason are logged before anything is sent.</source>
   <translation>The checks forbid this plan. Your name and reason are logged before anything is sent.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>The list has not been read.</source>
   <translation>The list has not been read.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>These forbid the start:</source>
   <translation>These forbid the start:</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Who answers for it</source>
   <translation>Who answers for it</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Why</source>
   <translation>Why</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Your name</source>
   <translation>Your name</translation>
  </message>
 </context>
 <context>
  <name>PairsBox</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Different</source>
   <translation>Different</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Same</source>
   <translation>Same</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>This station cannot keep a verdict on a pair.</source>
   <translation>This station cannot keep a verdict on a pair.</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>kept</source>
   <translation>kept</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>not renewed for {age}</source>
   <translation>not renewed for {age}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{metres} m apart; the station says: {state}</source>
   <translation>{metres} m apart; the station says: {state}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{name} says: {verdict}</source>
   <translation>{name} says: {verdict}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{theirs} of {peer} and our {ours}</source>
   <translation>{theirs} of {peer} and our {ours}</translation>
  </message>
 </context>
 <context>
  <name>PeriodDialog</name>
  <message>
   <location filename="../replay/period.py" />
   <source>At most {hours} hours at once.</source>
   <translation>At most {hours} hours at once.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Cancel</source>
   <translation>Cancel</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>From (UTC)</source>
   <translation>From (UTC)</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>It ends before it begins.</source>
   <translation>It ends before it begins.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Replay</source>
   <translation>Replay</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Show it</source>
   <translation>Show it</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>To (UTC)</source>
   <translation>To (UTC)</translation>
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
   <translation>NO BOXES: last analysed {seconds} s ago</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NOT LIVE   {seconds} s ago</source>
   <translation>NOT LIVE   {seconds} s ago</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>STALE PICTURE  {seconds} s</source>
   <translation>STALE PICTURE  {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>Video {stream}</source>
   <translation>Video {stream}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>boxes carried on {ms} ms</source>
   <translation>boxes carried on {ms} ms</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no position: the tracks of this frame have not come</source>
   <translation>no position: the tracks of this frame have not come</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no video yet</source>
   <translation>no video yet</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>not on the map: </source>
   <translation>not on the map: </translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>picture age {age}</source>
   <translation>picture age {age}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>{range} m away</source>
   <translation>{range} m away</translation>
  </message>
 </context>
 <context>
  <name>PlannerSession</name>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete corner</source>
   <translation>Delete corner</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete shape</source>
   <translation>Delete shape</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Done again: {step}</source>
   <translation>Done again: {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Draw</source>
   <translation>Draw</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Merge</source>
   <translation>Merge</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Recover</source>
   <translation>Recover</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repair</source>
   <translation>Repair</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repaired: {what}</source>
   <translation>Repaired: {what}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Undone: {step}</source>
   <translation>Undone: {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>nothing had to be repaired</source>
   <translation>nothing had to be repaired</translation>
  </message>
 </context>
 <context>
  <name>PlannerView</name>
  <message>
   <location filename="../planner/view.py" />
   <source>A console ended without saving</source>
   <translation>A console ended without saving</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Aircraft holds</source>
   <translation>Aircraft holds</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change</source>
   <translation>Change</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change the limits</source>
   <translation>Change the limits</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click on the map</source>
   <translation>Click on the map</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners of the hole; a double click ends</source>
   <translation>Click the corners of the hole; a double click ends</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners; a double click or Enter ends, Backspace takes one back</source>
   <translation>Click the corners; a double click or Enter ends, Backspace takes one back</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Cut a hole</source>
   <translation>Cut a hole</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw</source>
   <translation>Draw</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a circle</source>
   <translation>Draw a circle</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a corridor</source>
   <translation>Draw a corridor</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line</source>
   <translation>Draw a line</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line right across the shape; a double click ends</source>
   <translation>Draw a line right across the shape; a double click ends</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a point</source>
   <translation>Draw a point</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a polygon</source>
   <translation>Draw a polygon</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Drawn: {name}</source>
   <translation>Drawn: {name}</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the drawing ...</source>
   <translation>Export the drawing ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the plan ...</source>
   <translation>Export the plan ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>File</source>
   <translation>File</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Import a file of another program ...</source>
   <translation>Import a file of another program ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>It had drawn {name!r} with {n} shapes. Take it up again?</source>
   <translation>It had drawn {name!r} with {n} shapes. Take it up again?</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon</source>
   <translation>Make a polygon</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon of a circle or corridor</source>
   <translation>Make a polygon of a circle or corridor</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Merge</source>
   <translation>Merge</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Name of the patrol</source>
   <translation>Name of the patrol</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: nothing drawn</source>
   <translation>New: nothing drawn</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: the station's area</source>
   <translation>New: the station's area</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Open ...</source>
   <translation>Open ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Patrol</source>
   <translation>Patrol</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Press at the centre and drag to the edge</source>
   <translation>Press at the centre and drag to the edge</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Redo</source>
   <translation>Redo</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Rename</source>
   <translation>Rename</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Repair</source>
   <translation>Repair</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save</source>
   <translation>Save</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save as ...</source>
   <translation>Save as ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Split</source>
   <translation>Split</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Taken up again: it is not saved yet</source>
   <translation>Taken up again: it is not saved yet</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Turn a line round</source>
   <translation>Turn a line round</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Undo</source>
   <translation>Undo</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>{role}: cannot be drawn like that</source>
   <translation>{role}: cannot be drawn like that</translation>
  </message>
 </context>
 <context>
  <name>PointsTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>At least {n} points are needed: click on the map</source>
   <translation>At least {n} points are needed: click on the map</translation>
  </message>
 </context>
 <context>
  <name>ReplayBar</name>
  <message>
   <location filename="../replay/bar.py" />
   <source>Back to live</source>
   <translation>Back to live</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>LIVE: {count} alerts wait</source>
   <translation>LIVE: {count} alerts wait</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Moment of the replay</source>
   <translation>Moment of the replay</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Play</source>
   <translation>Play</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>REPLAY, NOT LIVE</source>
   <translation>REPLAY, NOT LIVE</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Speed of the replay</source>
   <translation>Speed of the replay</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Stop</source>
   <translation>Stop</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>{moment} reading …</source>
   <translation>{moment} reading …</translation>
  </message>
 </context>
 <context>
  <name>SettingsPage</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>A sound with each alert</source>
   <translation>A sound with each alert</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>As the machine</source>
   <translation>As the machine</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Colours</source>
   <translation>Colours</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Height of the text in pixels</source>
   <translation>Height of the text in pixels</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Kept in: {path}</source>
   <translation>Kept in: {path}</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Language (when the console is opened again)</source>
   <translation>Language (when the console is opened again)</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Speak alerts</source>
   <translation>Speak alerts</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Units of the flight display</source>
   <translation>Units of the flight display</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>nowhere: they are forgotten at the end</source>
   <translation>nowhere: they are forgotten at the end</translation>
  </message>
 </context>
 <context>
  <name>ShapeForm</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Add corner</source>
   <translation>Add corner</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Buffer</source>
   <translation>Buffer</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Change {name}</source>
   <translation>Change {name}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates</source>
   <translation>Coordinates</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates written as</source>
   <translation>Coordinates written as</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Corner (type or paste any form)</source>
   <translation>Corner (type or paste any form)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Delete corner</source>
   <translation>Delete corner</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>From height</source>
   <translation>From height</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Half width</source>
   <translation>Half width</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Its top</source>
   <translation>Its top</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its left</source>
   <translation>Land on its left</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its right</source>
   <translation>Land on its right</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>New corner</source>
   <translation>New corner</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>No shape is chosen: click one on the map</source>
   <translation>No shape is chosen: click one on the map</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Ours is</source>
   <translation>Ours is</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste corners</source>
   <translation>Paste corners</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste list</source>
   <translation>Paste list</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Radius</source>
   <translation>Radius</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Type a corner</source>
   <translation>Type a corner</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Up to height</source>
   <translation>Up to height</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>When</source>
   <translation>When</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>always; or Mo-Fr 22:00-04:00 (UTC)</source>
   <translation>always; or Mo-Fr 22:00-04:00 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>hole {n}, {k}</source>
   <translation>hole {n}, {k}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>{n} shapes are chosen</source>
   <translation>{n} shapes are chosen</translation>
  </message>
 </context>
 <context>
  <name>ShiftView</name>
  <message>
   <location filename="../shift/view.py" />
   <source>Entry in the log book</source>
   <translation>Entry in the log book</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Handover sheet</source>
   <translation>Handover sheet</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Kind</source>
   <translation>Kind</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Read again</source>
   <translation>Read again</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Replay …</source>
   <translation>Replay …</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Search: words that must all be there</source>
   <translation>Search: words that must all be there</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Text</source>
   <translation>Text</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>The station did not hand over its log book.</source>
   <translation>The station did not hand over its log book.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>There is no folder to write the sheet to.</source>
   <translation>There is no folder to write the sheet to.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>This console cannot open another window.</source>
   <translation>This console cannot open another window.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Time</source>
   <translation>Time</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>What</source>
   <translation>What</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Who</source>
   <translation>Who</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Write</source>
   <translation>Write</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the newest {count} shown</source>
   <translation>the newest {count} shown</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>{count} lines</source>
   <translation>{count} lines</translation>
  </message>
 </context>
 <context>
  <name>SplitTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that is to be cut first</source>
   <translation>Choose the shape that is to be cut first</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Split</source>
   <translation>Split</translation>
  </message>
 </context>
 <context>
  <name>StatusStrip</name>
  <message>
   <location filename="../status_bar.py" />
   <source>1 fault</source>
   <translation>1 fault</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Alerts</source>
   <translation>Alerts</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Battery</source>
   <translation>Battery</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Click: show the alerts</source>
   <translation>Click: show the alerts</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Fence</source>
   <translation>Fence</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Flight</source>
   <translation>Flight</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Link</source>
   <translation>Link</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Neighbour</source>
   <translation>Neighbour</translation>
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
   <translation>cut, {count} wait</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no data</source>
   <translation>no data</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no fault</source>
   <translation>no fault</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>none waiting</source>
   <translation>none waiting</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>not set up</source>
   <translation>not set up</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>old {age}</source>
   <translation>old {age}</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>on the ground</source>
   <translation>on the ground</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>unknown</source>
   <translation>unknown</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} faults</source>
   <translation>{count} faults</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} stored</source>
   <translation>{count} stored</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} waiting</source>
   <translation>{count} waiting</translation>
  </message>
 </context>
 <context>
  <name>TelemetryPanel</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Battery</source>
   <translation>Battery</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Camera</source>
   <translation>Camera</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Heading</source>
   <translation>Heading</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Height above home</source>
   <translation>Height above home</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Mode</source>
   <translation>Mode</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Satellites</source>
   <translation>Satellites</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Speed</source>
   <translation>Speed</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Waypoint</source>
   <translation>Waypoint</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>and {count} more</source>
   <translation>and {count} more</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>no fix</source>
   <translation>no fix</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · disarmed</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{number} of {total}</source>
   <translation>{number} of {total}</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{title}: NOT LIVE, heard {age} ago</source>
   <translation>{title}: NOT LIVE, heard {age} ago</translation>
  </message>
 </context>
 <context>
  <name>UploadPage</name>
  <message>
   <location filename="../planner/upload.py" />
   <source> It holds: {what}.</source>
   <translation> It holds: {what}.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n}</source>
   <translation>Aircraft {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} can only be watched</source>
   <translation>Aircraft {n} can only be watched</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is being sent a plan</source>
   <translation>Aircraft {n} is being sent a plan</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is flying: plans are sent on the ground</source>
   <translation>Aircraft {n} is flying: plans are sent on the ground</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Errors that forbid the upload: {n}</source>
   <translation>Errors that forbid the upload: {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>FAILED: {why}.{holds}</source>
   <translation>FAILED: {why}.{holds}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Goes to</source>
   <translation>Goes to</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>IN FORCE: read back and identical</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is a plan only when the aircraft has read it back, identical.</source>
   <translation>In force is a plan only when the aircraft has read it back, identical.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is the plan as sent at {t}; it was changed here since</source>
   <translation>In force is the plan as sent at {t}; it was changed here since</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is {name}, not sent from this board: compare before you rely on it</source>
   <translation>In force is {name}, not sent from this board: compare before you rely on it</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No aircraft was heard yet</source>
   <translation>No aircraft was heard yet</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No link to aircraft {n}</source>
   <translation>No link to aircraft {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No station is connected: nothing can be sent</source>
   <translation>No station is connected: nothing can be sent</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent from this console</source>
   <translation>Nothing was sent from this console</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent: {why}</source>
   <translation>Nothing was sent: {why}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it in spite of the errors ...</source>
   <translation>Send it in spite of the errors ...</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Sent at {t}, no answer yet</source>
   <translation>Sent at {t}, no answer yet</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The plan has changed meanwhile: look at it again</source>
   <translation>The plan has changed meanwhile: look at it again</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>There is no plan yet</source>
   <translation>There is no plan yet</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>This drawing is not the area that the station runs with: the aircraft gets these fences, the station goes on judging plans and crossings by its own.</source>
   <translation>This drawing is not the area that the station runs with: the aircraft gets these fences, the station goes on judging plans and crossings by its own.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Two plans go to the same aircraft: choose another</source>
   <translation>Two plans go to the same aircraft: choose another</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Upload</source>
   <translation>Upload</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Wait: the plan is being checked</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>checking</source>
   <translation>checking</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>given up</source>
   <translation>given up</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>reading back</source>
   <translation>reading back</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>uploading</source>
   <translation>uploading</translation>
  </message>
 </context>
 <context>
  <name>VideoView</name>
  <message>
   <location filename="../video/view.py" />
   <source>All</source>
   <translation>All</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Boxes</source>
   <translation>Boxes</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Colours of a thermal picture, on this screen only</source>
   <translation>Colours of a thermal picture, on this screen only</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Lines</source>
   <translation>Lines</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Live</source>
   <translation>Live</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record</source>
   <translation>Record</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record the stream as received</source>
   <translation>Record the stream as received</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Snapshot</source>
   <translation>Snapshot</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Step back</source>
   <translation>Step back</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>The station did not hand over its recordings.</source>
   <translation>The station did not hand over its recordings.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>There is no video yet.</source>
   <translation>There is no video yet.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>kept as {file}</source>
   <translation>kept as {file}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>recording ended: {count} files {detail}</source>
   <translation>recording ended: {count} files {detail}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>state of the stream not known for {age}</source>
   <translation>state of the stream not known for {age}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>the snapshot could not be kept: {error}</source>
   <translation>the snapshot could not be kept: {error}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>there is no picture to keep</source>
   <translation>there is no picture to keep</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>was recording</source>
   <translation>was recording</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>{seconds} s back</source>
   <translation>{seconds} s back</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>◀ 5 s</source>
   <translation>◀ 5 s</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>● RECORDING {seconds} s</source>
   <translation>● RECORDING {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>Wizard</name>
  <message>
   <location filename="../planner/wizard.py" />
   <source>1 See</source>
   <translation>1 See</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>2 How often</source>
   <translation>2 How often</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>3 Who flies</source>
   <translation>3 Who flies</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>4 Check</source>
   <translation>4 Check</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>5 Upload</source>
   <translation>5 Upload</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Aircraft</source>
   <translation>Aircraft</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ask for a patrol</source>
   <translation>Ask for a patrol</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Back</source>
   <translation>Back</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Change the patrol</source>
   <translation>Change the patrol</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Checking ...</source>
   <translation>Checking ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Distance from the border</source>
   <translation>Distance from the border</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw a keep-out zone</source>
   <translation>Draw a keep-out zone</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw it on the map</source>
   <translation>Draw it on the map</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every</source>
   <translation>Every</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every finding stands below; a click on one takes the map there.</source>
   <translation>Every finding stands below; a click on one takes the map there.</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures from a file ...</source>
   <translation>Figures from a file ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures of an aircraft</source>
   <translation>Figures of an aircraft</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>From, along the border</source>
   <translation>From, along the border</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Height above ground</source>
   <translation>Height above ground</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How</source>
   <translation>How</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How many</source>
   <translation>How many</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How often is it to be seen?</source>
   <translation>How often is it to be seen?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Left of the line (right: minus)</source>
   <translation>Left of the line (right: minus)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Next</source>
   <translation>Next</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>No patrol is asked for yet</source>
   <translation>No patrol is asked for yet</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Not to be flown: {first}</source>
   <translation>Not to be flown: {first}</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Radius</source>
   <translation>Radius</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ready to be uploaded: no errors</source>
   <translation>Ready to be uploaded: no errors</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Stand for</source>
   <translation>Stand for</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Take-off</source>
   <translation>Take-off</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Takes off at</source>
   <translation>Takes off at</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>The border is {m} m long</source>
   <translation>The border is {m} m long</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>To</source>
   <translation>To</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Watch lasts</source>
   <translation>Watch lasts</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>What is to be seen?</source>
   <translation>What is to be seen?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Which one</source>
   <translation>Which one</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Who flies, and how?</source>
   <translation>Who flies, and how?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind</source>
   <translation>Wind</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind from</source>
   <translation>Wind from</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>battery left {p} %</source>
   <translation>battery left {p} %</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>how long a place is out of sight: being worked out</source>
   <translation>how long a place is out of sight: being worked out</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>none yet</source>
   <translation>none yet</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>now; or 20:30 (UTC)</source>
   <translation>now; or 20:30 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>out of sight at most {s} s</source>
   <translation>out of sight at most {s} s</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>the first, or whichever is best</source>
   <translation>the first, or whichever is best</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{km} km</source>
   <translation>{km} km</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{n} rounds</source>
   <translation>{n} rounds</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{speed} m/s, {time} in the air, wind up to {wind} m/s</source>
   <translation>{speed} m/s, {time} in the air, wind up to {wind} m/s</translation>
  </message>
 </context>
 <context>
  <name>_HeightField</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above ground</source>
   <translation>m above ground</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above home</source>
   <translation>m above home</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above sea level</source>
   <translation>m above sea level</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>none</source>
   <translation>none</translation>
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
   <translation>Animal</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Approaching the border</source>
   <translation>Approaching the border</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>CALL FOR HELP</source>
   <translation>CALL FOR HELP</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>CORRECTED by the neighbour</source>
   <translation>CORRECTED by the neighbour</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Confirmed</source>
   <translation>Confirmed</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Crossing</source>
   <translation>Crossing</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>ESCALATED</source>
   <translation>ESCALATED</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>False alarm</source>
   <translation>False alarm</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Group</source>
   <translation>Group</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>It is the neighbour's own.</source>
   <translation>It is the neighbour's own.</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Leave it there</source>
   <translation>Leave it there</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Loitering</source>
   <translation>Loitering</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>NOT ACKNOWLEDGED {time}</source>
   <translation>NOT ACKNOWLEDGED {time}</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>NOT SAVED YET: the station's disk does not take it</source>
   <translation>NOT SAVED YET: the station's disk does not take it</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Needs help</source>
   <translation>Needs help</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour has been heard yet.</source>
   <translation>No neighbour has been heard yet.</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>No neighbour is set up: nothing is shared.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Own patrol</source>
   <translation>Own patrol</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Person down: help needed?</source>
   <translation>Person down: help needed?</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>TAKEN BACK by the neighbour</source>
   <translation>TAKEN BACK by the neighbour</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>THEIRS: {peer}</source>
   <translation>THEIRS: {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Take it back</source>
   <translation>Take it back</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The record of a neighbour's incident is the neighbour's.</source>
   <translation>The record of a neighbour's incident is the neighbour's.</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The station did not hand over its records.</source>
   <translation>The station did not hand over its records.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Vehicle stopped</source>
   <translation>Vehicle stopped</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>WATCH</source>
   <translation>WATCH</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>clip</source>
   <translation>clip</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>handed to {peer}</source>
   <translation>handed to {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>left with the neighbour as it was told</source>
   <translation>left with the neighbour as it was told</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>not classified</source>
   <translation>not classified</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>offered to {peer}; it stays ours until they accept</source>
   <translation>offered to {peer}; it stays ours until they accept</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>person</source>
   <translation>person</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>place unknown</source>
   <translation>place unknown</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>probability not told</source>
   <translation>probability not told</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>saved</source>
   <translation>saved</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by the neighbour</source>
   <translation>seen by the neighbour</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by {name} {time}</source>
   <translation>seen by {name} {time}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>taken back from the neighbour: {reason}</source>
   <translation>taken back from the neighbour: {reason}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>the procedure proposes this</source>
   <translation>the procedure proposes this</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>the report is being made …</source>
   <translation>the report is being made …</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>to</source>
   <translation>to</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>two-wheeler</source>
   <translation>two-wheeler</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>vehicle</source>
   <translation>vehicle</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>{peer} tells: </source>
   <translation>{peer} tells: </translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>{verdict}: take back what the neighbour was told of this?</source>
   <translation>{verdict}: take back what the neighbour was told of this?</translation>
  </message>
 </context>
 <context>
  <name>crash</name>
  <message>
   <location filename="../craft/crash.py" />
   <source>A part of the console failed and the rest goes on: {error}. Report: {path}</source>
   <translation>A part of the console failed and the rest goes on: {error}. Report: {path}</translation>
  </message>
  <message>
   <location filename="../craft/crash.py" />
   <source>nowhere: the disk did not take it</source>
   <translation>nowhere: the disk did not take it</translation>
  </message>
 </context>
 <context>
  <name>flight</name>
  <message>
   <location filename="../flight/words.py" />
   <source>AREAS LEFT OUT</source>
   <translation>AREAS LEFT OUT</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>BREACHED</source>
   <translation>BREACHED</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>LOST {age}</source>
   <translation>LOST {age}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT good</source>
   <translation>NOT good</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT in force</source>
   <translation>NOT in force</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>Nothing is heard. The aircraft takes its own lost-link action; orders do not reach it.</source>
   <translation>Nothing is heard. The aircraft takes its own lost-link action; orders do not reach it.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft does not trust its own position.</source>
   <translation>The aircraft does not trust its own position.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft holds no fence.</source>
   <translation>The aircraft holds no fence.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft is outside its fence.</source>
   <translation>The aircraft is outside its fence.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft keeps a fence that this station has not verified.</source>
   <translation>The aircraft keeps a fence that this station has not verified.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft's fence is off.</source>
   <translation>The aircraft's fence is off.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The traffic receiver has gone quiet.</source>
   <translation>The traffic receiver has gone quiet.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>clear</source>
   <translation>clear</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>in force</source>
   <translation>in force</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no fault</source>
   <translation>no fault</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no receiver is heard</source>
   <translation>no receiver is heard</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>none</source>
   <translation>none</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>not known</source>
   <translation>not known</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on arming</source>
   <translation>on arming</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on, not ours</source>
   <translation>on, not ours</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>only reports</source>
   <translation>only reports</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft tells nothing of its battery</source>
   <translation>the aircraft tells nothing of its battery</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft's own reckoning of the time until it is empty</source>
   <translation>the aircraft's own reckoning of the time until it is empty</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>time until 20 % are left, from how it goes down</source>
   <translation>time until 20 % are left, from how it goes down</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>until a restart</source>
   <translation>until a restart</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>was {word}</source>
   <translation>was {word}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{count} sats</source>
   <translation>{count} sats</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{difference} m in height, nearest in {seconds} s at {metres} m</source>
   <translation>{difference} m in height, nearest in {seconds} s at {metres} m</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{fault}  (+{more})</source>
   <translation>{fault}  (+{more})</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · disarmed</translation>
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
   <translation>Pause</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Resume</source>
   <translation>Resume</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Return</source>
   <translation>Return</translation>
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
   <translation>Alerts: choose it, look at it, then acknowledge it.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An aircraft is heard</source>
   <translation>An aircraft is heard</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An alert comes</source>
   <translation>An alert comes</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Answer it</source>
   <translation>Answer it</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Before the flight: press Read the list. Do what it asks for until it says May start.</source>
   <translation>Before the flight: press Read the list. Do what it asks for until it says May start.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Bring it home</source>
   <translation>Bring it home</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Return for a second. F8 makes it hold still at any time.</source>
   <translation>Orders: hold Return for a second. F8 makes it hold still at any time.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Start for a second. The aircraft takes off and follows the line.</source>
   <translation>Orders: hold Start for a second. The aircraft takes off and follows the line.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Plan a patrol and send it</source>
   <translation>Plan a patrol and send it</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Planner: read each page and press Next, four times: what is to be seen, how often, who flies, what the checks say. Then press Upload. Done when it says IN FORCE.</source>
   <translation>Planner: read each page and press Next, four times: what is to be seen, how often, who flies, what the checks say. Then press Upload. Done when it says IN FORCE.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Read the list</source>
   <translation>Read the list</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Somebody crosses the border within a minute or two: the lamp Alerts tells it.</source>
   <translation>Somebody crosses the border within a minute or two: the lamp Alerts tells it.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Start</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Wait until a row with its number stands at the top, and Position says its satellites.</source>
   <translation>Wait until a row with its number stands at the top, and Position says its satellites.</translation>
  </message>
 </context>
 <context>
  <name>keys</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Camera: turn, while its stick has the keyboard</source>
   <translation>Camera: turn, while its stick has the keyboard</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Choose an aircraft</source>
   <translation>Choose an aircraft</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Hold position, at once</source>
   <translation>Hold position, at once</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: age of what was seen</source>
   <translation>Map: age of what was seen</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the aircraft</source>
   <translation>Map: the aircraft</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the patrol</source>
   <translation>Map: the patrol</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: whole area</source>
   <translation>Map: whole area</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Next button; press or hold it</source>
   <translation>Next button; press or hold it</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Return: hold the space bar</source>
   <translation>Return: hold the space bar</translation>
  </message>
 </context>
 <context>
  <name>link</name>
  <message>
   <location filename="../link_lamp.py" />
   <source>alive</source>
   <translation>alive</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>not measured</source>
   <translation>not measured</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>slow, {seconds} s</source>
   <translation>slow, {seconds} s</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{hint}, over {name}</source>
   <translation>{hint}, over {name}</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost</source>
   <translation>{percent} % lost</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost, round trip {time}</source>
   <translation>{percent} % lost, round trip {time}</translation>
  </message>
 </context>
 <context>
  <name>map</name>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>(own side)</source>
   <translation>(own side)</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>, not seen for {n} s</source>
   <translation>, not seen for {n} s</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>1 to 3 h ago</source>
   <translation>1 to 3 h ago</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>10 to 30 min ago</source>
   <translation>10 to 30 min ago</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>3 to 8 h ago</source>
   <translation>3 to 8 h ago</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>30 min to 1 h ago</source>
   <translation>30 min to 1 h ago</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>90 % ellipse; hollow: not seen now</source>
   <translation>90 % ellipse; hollow: not seen now</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>; ceiling {n} m above home</source>
   <translation>; ceiling {n} m above home</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>Age map</source>
   <translation>Age map</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Air traffic</source>
   <translation>Air traffic</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Aircraft, way flown</source>
   <translation>Aircraft, way flown</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/ground.py" />
   <source>Area</source>
   <translation>Area</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>Background</source>
   <translation>Background</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Border and its sides</source>
   <translation>Border and its sides</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Camera sees</source>
   <translation>Camera sees</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>Degrees</source>
   <translation>Degrees</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Fences</source>
   <translation>Fences</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <location filename="../map/layers/fences.py" />
   <source>Flight</source>
   <translation>Flight</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>H launch, R rally</source>
   <translation>H launch, R rally</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Incidents</source>
   <translation>Incidents</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Keep-out zones</source>
   <translation>Keep-out zones</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Launch, rally, obstacles</source>
   <translation>Launch, rally, obstacles</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>MGRS grid</source>
   <translation>MGRS grid</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <location filename="../map/layers/grid.py" />
   <source>Map</source>
   <translation>Map</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>NO LINK</source>
   <translation>NO LINK</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: last told {age} ago</source>
   <translation>NOT confirmed: last told {age} ago</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: the aircraft has not told that it acts</source>
   <translation>NOT confirmed: the aircraft has not told that it acts</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: {why}</source>
   <translation>NOT confirmed: {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Neighbour's tracks</source>
   <translation>Neighbour's tracks</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>No-look areas</source>
   <translation>No-look areas</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/others.py" />
   <source>Others</source>
   <translation>Others</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Own patrols</source>
   <translation>Own patrols</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>Own tracks</source>
   <translation>Own tracks</translation>
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
   <translation>Seen</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Shared with the neighbour</source>
   <translation>Shared with the neighbour</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Wind and fence forecast</source>
   <translation>Wind and fence forecast</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>acknowledged</source>
   <translation>acknowledged</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>age map: nothing is known yet</source>
   <translation>age map: nothing is known yet</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic on collision course</source>
   <translation>air traffic on collision course</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic, 30 s ahead</source>
   <translation>air traffic, 30 s ahead</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>alarm, with its CE90</source>
   <translation>alarm, with its CE90</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>area {area}</source>
   <translation>area {area}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>camera must not look
{name}</source>
   <translation>camera must not look
{name}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>ceiling</source>
   <translation>ceiling</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>class not sure</source>
   <translation>class not sure</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the first corner</source>
   <translation>click the first corner</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the next</source>
   <translation>click the next</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence</source>
   <translation>fence</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence forecast</source>
   <translation>fence forecast</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>fence {state}</source>
   <translation>fence {state}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>floor</source>
   <translation>floor</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>from {height} up</source>
   <translation>from {height} up</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground height not known</source>
   <translation>ground height not known</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground {n} m AMSL</source>
   <translation>ground {n} m AMSL</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force</source>
   <translation>in force</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force, BREACHED</source>
   <translation>in force, BREACHED</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>keep out</source>
   <translation>keep out</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>may not be looked at</source>
   <translation>may not be looked at</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>more than 8 h ago</source>
   <translation>more than 8 h ago</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>never seen</source>
   <translation>never seen</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>no answer: {names}</source>
   <translation>no answer: {names}</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>not counted now: {why}</source>
   <translation>not counted now: {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>not now: {hours} UTC</source>
   <translation>not now: {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>notice</source>
   <translation>notice</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>now: {hours} UTC</source>
   <translation>now: {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>obstacle</source>
   <translation>obstacle</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>person</source>
   <translation>person</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>planned, NOT in force</source>
   <translation>planned, NOT in force</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>seen less than 10 min ago</source>
   <translation>seen less than 10 min ago</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>shared with the neighbour inside</source>
   <translation>shared with the neighbour inside</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>someone may need help</source>
   <translation>someone may need help</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>stay inside</source>
   <translation>stay inside</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>two-wheeler</source>
   <translation>two-wheeler</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>unsure</source>
   <translation>unsure</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>up to {height}</source>
   <translation>up to {height}</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>vehicle</source>
   <translation>vehicle</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>whole way {distance}</source>
   <translation>whole way {distance}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>will meet a fence</source>
   <translation>will meet a fence</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind as the aircraft tells it, to where it blows</source>
   <translation>wind as the aircraft tells it, to where it blows</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind {n} m/s</source>
   <translation>wind {n} m/s</translation>
  </message>
  <message>
   <location filename="../map/freshness.py" />
   <source>{age} old</source>
   <translation>{age} old</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>{distance}, {bearing}° true</source>
   <translation>{distance}, {bearing}° true</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: brake in {n} s</source>
   <translation>{fence}: brake in {n} s</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: cannot stop before it</source>
   <translation>{fence}: cannot stop before it</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>{name} (not in force)</source>
   <translation>{name} (not in force)</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>{name}, top {height}</source>
   <translation>{name}, top {height}</translation>
  </message>
 </context>
 <context>
  <name>menus</name>
  <message>
   <location filename="../menus.py" />
   <source>Another window</source>
   <translation>Another window</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Arrange panels</source>
   <translation>Arrange panels</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>As at first</source>
   <translation>As at first</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Close the console (the station goes on)</source>
   <translation>Close the console (the station goes on)</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Colours</source>
   <translation>Colours</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Help</source>
   <translation>Help</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep as…</source>
   <translation>Keep as…</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep the layout</source>
   <translation>Keep the layout</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Larger text</source>
   <translation>Larger text</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Layout</source>
   <translation>Layout</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next colours</source>
   <translation>Next colours</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next panel</source>
   <translation>Next panel</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panel before</source>
   <translation>Panel before</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panels shown</source>
   <translation>Panels shown</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Report: {path}</source>
   <translation>Report: {path}</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Share</source>
   <translation>Share</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Shift</source>
   <translation>Shift</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Smaller text</source>
   <translation>Smaller text</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Station</source>
   <translation>Station</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>View</source>
   <translation>View</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Whole screen</source>
   <translation>Whole screen</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Write a report</source>
   <translation>Write a report</translation>
  </message>
 </context>
 <context>
  <name>pairs</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>cannot be compared</source>
   <translation>cannot be compared</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>different</source>
   <translation>different</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>the same</source>
   <translation>the same</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>undecided</source>
   <translation>undecided</translation>
  </message>
 </context>
 <context>
  <name>plan</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>FAILED</source>
   <translation>FAILED</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>IN FORCE: read back and identical</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>checking the plan</source>
   <translation>checking the plan</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>no plan sent</source>
   <translation>no plan sent</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>reading back</source>
   <translation>reading back</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>uploading</source>
   <translation>uploading</translation>
  </message>
 </context>
 <context>
  <name>planner</name>
  <message>
   <location filename="../planner/choices.py" />
   <source>A line (a road, a river)</source>
   <translation>A line (a road, a river)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A point</source>
   <translation>A point</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A stretch of the border</source>
   <translation>A stretch of the border</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Again and again, as long as the battery gives</source>
   <translation>Again and again, as long as the battery gives</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>An area</source>
   <translation>An area</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>At times nobody can foresee, on average every</source>
   <translation>At times nobody can foresee, on average every</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Border line</source>
   <translation>Border line</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Circle</source>
   <translation>Circle</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Corridor</source>
   <translation>Corridor</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>Drawing</source>
   <translation>Drawing</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Flight area (stay inside)</source>
   <translation>Flight area (stay inside)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Fly round it</source>
   <translation>Fly round it</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Keep-out zone</source>
   <translation>Keep-out zone</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Launch point</source>
   <translation>Launch point</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Line</source>
   <translation>Line</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Never out of sight for longer than</source>
   <translation>Never out of sight for longer than</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>No-look area</source>
   <translation>No-look area</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Obstacle</source>
   <translation>Obstacle</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Once</source>
   <translation>Once</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Place to be seen</source>
   <translation>Place to be seen</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Point</source>
   <translation>Point</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Polygon</source>
   <translation>Polygon</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Rally point</source>
   <translation>Rally point</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Search outwards from it</source>
   <translation>Search outwards from it</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Stand and look at it</source>
   <translation>Stand and look at it</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>The whole border</source>
   <translation>The whole border</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: do not look</source>
   <translation>drawn: do not look</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: keep out</source>
   <translation>drawn: keep out</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: stay inside</source>
   <translation>drawn: stay inside</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>planned way</source>
   <translation>planned way</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>what the aircraft holds</source>
   <translation>what the aircraft holds</translation>
  </message>
 </context>
 <context>
  <name>replay</name>
  <message>
   <location filename="../replay/words.py" />
   <source>REPLAY</source>
   <translation>REPLAY</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The replay from {moment} is in a window of its own.</source>
   <translation>The replay from {moment} is in a window of its own.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The station did not run at that time: there is nothing to show.</source>
   <translation>The station did not run at that time: there is nothing to show.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no MAVLink recording: aircraft as kept once a second</source>
   <translation>no MAVLink recording: aircraft as kept once a second</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no age map of that time</source>
   <translation>no age map of that time</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no recorded video</source>
   <translation>no recorded video</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no tracks of the neighbour from that time</source>
   <translation>no tracks of the neighbour from that time</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>reading what was kept of that time …</source>
   <translation>reading what was kept of that time …</translation>
  </message>
 </context>
 <context>
  <name>report</name>
  <message>
   <location filename="../shift/report.py" />
   <source>Aircraft</source>
   <translation>Aircraft</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Clip</source>
   <translation>Clip</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Cut so that nobody else is in them.</source>
   <translation>Cut so that nobody else is in them.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence</source>
   <translation>Evidence</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence package</source>
   <translation>Evidence package</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Flight</source>
   <translation>Flight</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>From</source>
   <translation>From</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Handover sheet {station}</source>
   <translation>Handover sheet {station}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident</source>
   <translation>Incident</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident report {id}</source>
   <translation>Incident report {id}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Log book</source>
   <translation>Log book</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Made by {name} at {station}, {when}.</source>
   <translation>Made by {name} at {station}, {when}.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Missing</source>
   <translation>Missing</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>NOT ACKNOWLEDGED</source>
   <translation>NOT ACKNOWLEDGED</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not acknowledged</source>
   <translation>Not acknowledged</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not classified</source>
   <translation>Not classified</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Notes</source>
   <translation>Notes</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Pictures</source>
   <translation>Pictures</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Probability of the geometry</source>
   <translation>Probability of the geometry</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Raised</source>
   <translation>Raised</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Rule</source>
   <translation>Rule</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of its manifest</source>
   <translation>SHA-256 of its manifest</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of the clip</source>
   <translation>SHA-256 of the clip</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>STILL WAITING</source>
   <translation>STILL WAITING</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Seen, not classified</source>
   <translation>Seen, not classified</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>To</source>
   <translation>To</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Told as</source>
   <translation>Told as</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Track</source>
   <translation>Track</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Verdict</source>
   <translation>Verdict</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What</source>
   <translation>What</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What was done</source>
   <translation>What was done</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>When</source>
   <translation>When</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Where (90 % radius)</source>
   <translation>Where (90 % radius)</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>acknowledged by {name}</source>
   <translation>acknowledged by {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>escalated: nobody had acknowledged it</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>handed to {peer} by {name}</source>
   <translation>handed to {peer} by {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not classified</source>
   <translation>not classified</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not done</source>
   <translation>not done</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>{when} by {name}, {took} after it was raised</source>
   <translation>{when} by {name}, {took} after it was raised</translation>
  </message>
 </context>
 <context>
  <name>shift</name>
  <message>
   <location filename="../shift/view.py" />
   <source>NOTE</source>
   <translation>NOTE</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert</source>
   <translation>alert</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert: done</source>
   <translation>alert: done</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>everything</source>
   <translation>everything</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>flight</source>
   <translation>flight</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 12 hours</source>
   <translation>last 12 hours</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 24 hours</source>
   <translation>last 24 hours</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 7 days</source>
   <translation>last 7 days</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>neighbour</source>
   <translation>neighbour</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>order</source>
   <translation>order</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>plan</source>
   <translation>plan</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the report could not be written: {error}</source>
   <translation>the report could not be written: {error}</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>written: {page} and {printed}</source>
   <translation>written: {page} and {printed}</translation>
  </message>
 </context>
 <context>
  <name>themes</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Dark</source>
   <translation>Dark</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Light</source>
   <translation>Light</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Night, red</source>
   <translation>Night, red</translation>
  </message>
 </context>
 <context>
  <name>units</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Feet and knots</source>
   <translation>Feet and knots</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Metres and metres per second</source>
   <translation>Metres and metres per second</translation>
  </message>
 </context>
 <context>
  <name>video</name>
  <message>
   <location filename="../video/snapshot.py" />
   <source>NOT LIVE: {seconds} s old</source>
   <translation>NOT LIVE: {seconds} s old</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>as received</source>
   <translation>as received</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>black hot</source>
   <translation>black hot</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>green</source>
   <translation>green</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>ironbow</source>
   <translation>ironbow</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>no KLV</source>
   <translation>no KLV</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>no camera pose for this frame</source>
   <translation>no camera pose for this frame</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no ground there</source>
   <translation>no ground there</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: no terrain model</source>
   <translation>no position: no terrain model</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: this frame has no camera pose</source>
   <translation>no position: this frame has no camera pose</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>taken by {name} from the preview, colours as received</source>
   <translation>taken by {name} from the preview, colours as received</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>white hot</source>
   <translation>white hot</translation>
  </message>
 </context>
 <context>
  <name>views</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <location filename="../views.py" />
   <source>Aircraft</source>
   <translation>Aircraft</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Alerts</source>
   <translation>Alerts</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <location filename="../views.py" />
   <source>Before the flight</source>
   <translation>Before the flight</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <location filename="../views.py" />
   <source>Camera</source>
   <translation>Camera</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <location filename="../views.py" />
   <source>First steps</source>
   <translation>First steps</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Flight</source>
   <translation>Flight</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Keys</source>
   <translation>Keys</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Map</source>
   <translation>Map</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <location filename="../views.py" />
   <source>Neighbour</source>
   <translation>Neighbour</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <location filename="../views.py" />
   <source>Orders</source>
   <translation>Orders</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Planner</source>
   <translation>Planner</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Settings</source>
   <translation>Settings</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <location filename="../views.py" />
   <source>Several aircraft</source>
   <translation>Several aircraft</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Shift</source>
   <translation>Shift</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Video</source>
   <translation>Video</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>What the station says</source>
   <translation>What the station says</translation>
  </message>
 </context>
</TS>
