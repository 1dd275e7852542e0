<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
 <context>
  <name>AircraftStrip</name>
  <message>
   <location filename="../flight/strip.py" />
   <source>Aircraft</source>
   <translation>Aéronef</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Battery</source>
   <translation>Batterie</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Camera</source>
   <translation>Caméra</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Faults, and what to do</source>
   <translation>Défauts, et que faire</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Fence</source>
   <translation>Clôture</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Flight</source>
   <translation>Vol</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Link</source>
   <translation>Liaison</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>No aircraft is heard yet.</source>
   <translation>Aucun aéronef n'est encore reçu.</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Position</source>
   <translation>Position</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Show this aircraft; orders go to it (Alt+{number})</source>
   <translation>Montrer cet aéronef ; les ordres vont à lui (Alt+{number})</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>Traffic</source>
   <translation>Trafic</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>free</source>
   <translation>libre</translation>
  </message>
  <message>
   <location filename="../flight/strip.py" />
   <source>not known</source>
   <translation>inconnu</translation>
  </message>
 </context>
 <context>
  <name>AlertDetail</name>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Acknowledge  Ctrl+K</source>
   <translation>Acquitter  Ctrl+K</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Add note</source>
   <translation>Ajouter la note</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Clip</source>
   <translation>Extrait</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Hand to the neighbour</source>
   <translation>Remettre au voisin</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Incident report as HTML and PDF</source>
   <translation>Rapport d'incident en HTML et PDF</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>No alert is chosen.</source>
   <translation>Aucune alerte choisie.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Note</source>
   <translation>Note</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Report</source>
   <translation>Rapport</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Show on map</source>
   <translation>Montrer sur la carte</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>There is no clip yet, or none was written.</source>
   <translation>Pas encore d'extrait, ou aucun n'a été écrit.</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>Told by the neighbour {peer}</source>
   <translation>Signalée par le voisin {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>escaladée : personne ne l'avait acquittée</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>handed to {peer} by {name}</source>
   <translation>remise à {peer} par {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{time} acknowledged by {name}</source>
   <translation>{time} acquittée par {name}</translation>
  </message>
  <message>
   <location filename="../alerts/detail.py" />
   <source>{verdict}, says {name}</source>
   <translation>{verdict}, selon {name}</translation>
  </message>
 </context>
 <context>
  <name>AlertsView</name>
  <message>
   <location filename="../alerts/view.py" />
   <source>Alerts</source>
   <translation>Alertes</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>No program opens the clip: {file}</source>
   <translation>Aucun programme n'ouvre l'extrait : {file}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>Nobody has acknowledged: {alert}</source>
   <translation>Personne n'a acquitté : {alert}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The clip {file} is not there any more.</source>
   <translation>L'extrait {file} n'existe plus.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>The station did not hand over its alerts.</source>
   <translation>La station n'a pas fourni ses alertes.</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>none waiting</source>
   <translation>aucune en attente</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>nothing new above</source>
   <translation>rien de nouveau au-dessus</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} alerts wait   {first}</source>
   <translation>{count} alertes en attente   {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} new: {first}</source>
   <translation>{count} nouvelles : {first}</translation>
  </message>
  <message>
   <location filename="../alerts/view.py" />
   <source>{count} waiting</source>
   <translation>{count} en attente</translation>
  </message>
 </context>
 <context>
  <name>CameraPanel</name>
  <message>
   <location filename="../flight/camera.py" />
   <source>Ahead</source>
   <translation>Devant</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Along the border</source>
   <translation>Le long de la frontière</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Another station is in control: {name}.</source>
   <translation>Une autre station commande : {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Closer</source>
   <translation>Plus près</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Drag, or arrow keys, to turn the camera; the wheel zooms</source>
   <translation>Glisser, ou les flèches, tourne la caméra ; la molette zoome</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Held by {name}.</source>
   <translation>Tenue par {name}.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look at the selected track, or at the place that was last asked for on the map</source>
   <translation>Regarder la piste choisie, ou le dernier lieu demandé sur la carte</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Look here</source>
   <translation>Regarder ici</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Looks {azimuth} from north, {elevation} up</source>
   <translation>Regarde à {azimuth} du nord, {elevation} vers le haut</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Nobody holds it.</source>
   <translation>Personne ne la tient.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Release</source>
   <translation>Libérer</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take the camera</source>
   <translation>Prendre la caméra</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Take…</source>
   <translation>Prendre…</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>The aircraft is not heard: where the camera looks is not known.</source>
   <translation>L'aéronef n'est pas reçu : on ne sait pas où regarde la caméra.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>Cette console a été ouverte sans liaison avec un aéronef.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Told to look at: {place}</source>
   <translation>Ordre de regarder : {place}</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Who holds it is not known.</source>
   <translation>On ne sait pas qui la tient.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>Wider</source>
   <translation>Plus large</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>You hold it.</source>
   <translation>Vous la tenez.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>no aircraft</source>
   <translation>aucun aéronef</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} asks for it: use it to keep it.</source>
   <translation>{name} la demande : servez-vous-en pour la garder.</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <source>{name} holds it. Why is it taken?</source>
   <translation>{name} la tient. Pourquoi la prendre ?</translation>
  </message>
 </context>
 <context>
  <name>CheckList</name>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>({time} late)</source>
   <translation>({time} de retard)</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>LATE {time}</source>
   <translation>EN RETARD {time}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>No procedure is written for this kind of alert.</source>
   <translation>Aucune procédure n'est prévue pour ce type d'alerte.</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>saving …</source>
   <translation>enregistrement …</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} by {name}</source>
   <translation>{time} par {name}</translation>
  </message>
  <message>
   <location filename="../alerts/checklist.py" />
   <source>{time} left</source>
   <translation>reste {time}</translation>
  </message>
 </context>
 <context>
  <name>ChecklistPanel</name>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start</source>
   <translation>Peut démarrer</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>May start, {count} warnings</source>
   <translation>Peut démarrer, {count} avertissements</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>No start: {failed} failed, {unknown} not seen</source>
   <translation>Pas de départ : {failed} en échec, {unknown} non vus</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>OLD: read it again</source>
   <translation>ANCIENNE : relisez-la</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Read the list</source>
   <translation>Lire la liste</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>Reading from the aircraft …</source>
   <translation>Lecture depuis l'aéronef …</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>The list has not been read.</source>
   <translation>La liste n'a pas été lue.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>This console was opened without a link to an aircraft.</source>
   <translation>Cette console a été ouverte sans liaison avec un aéronef.</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <source>read {age} ago</source>
   <translation>lue il y a {age}</translation>
  </message>
 </context>
 <context>
  <name>CircleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Radius {m} m</source>
   <translation>Rayon {m} m</translation>
  </message>
 </context>
 <context>
  <name>ComparePage</name>
  <message>
   <location filename="../planner/compare.py" />
   <source> - OLD: it may have been sent another plan since, read it again</source>
   <translation> – ANCIEN : un autre plan a pu être envoyé depuis, relire</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft</source>
   <translation>Aéronef</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Aircraft {n}</source>
   <translation>Aéronef {n}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Differences</source>
   <translation>Différences</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>It could not be read: {why}</source>
   <translation>Lecture impossible : {why}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No aircraft was heard yet</source>
   <translation>Aucun aéronef entendu</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>No link to this aircraft</source>
   <translation>Pas de liaison avec cet aéronef</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Not read yet</source>
   <translation>Pas encore lu</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read at {t}, {age} s ago</source>
   <translation>Lu à {t}, il y a {age} s</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Read what it holds</source>
   <translation>Lire ce qu’il contient</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Reading aircraft {n} ...</source>
   <translation>Lecture de l’aéronef {n} ...</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>The aircraft holds exactly this plan: mission, fence and rally points</source>
   <translation>L’aéronef contient exactement ce plan : mission, clôture et points de repli</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>There is no plan here to compare with; the aircraft holds {what}</source>
   <translation>Pas de plan à comparer ici ; l’aéronef contient {what}</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>This station does not read plans back for its console</source>
   <translation>Cette station ne relit pas les plans pour sa console</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Attendre : le plan est en cours de vérification</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>given up</source>
   <translation>abandonné</translation>
  </message>
  <message>
   <location filename="../planner/compare.py" />
   <source>{n} differences</source>
   <translation>{n} différences</translation>
  </message>
 </context>
 <context>
  <name>ConsoleWindow</name>
  <message>
   <location filename="../window.py" />
   <source>A screen is gone; back in the window: {names}</source>
   <translation>Un écran a disparu ; de retour dans la fenêtre : {names}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Age map (C)</source>
   <translation>Carte des âges (C)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft</source>
   <translation>Aéronef</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Aircraft (F)</source>
   <translation>Aéronef (F)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Map</source>
   <translation>Carte</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Patrol (P)</source>
   <translation>Patrouille (P)</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Status</source>
   <translation>État</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>The language changes when the console is opened again.</source>
   <translation>La langue change à la prochaine ouverture de la console.</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>This part of the console could not be opened: {reason}</source>
   <translation>Cette partie de la console n'a pas pu s'ouvrir : {reason}</translation>
  </message>
  <message>
   <location filename="../window.py" />
   <source>Whole area (Home)</source>
   <translation>Toute la zone (Début)</translation>
  </message>
 </context>
 <context>
  <name>ControlsPanel</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>Hold position: at once, one click or F8</source>
   <translation>Tenir la position : aussitôt, un clic ou F8</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Land here</source>
   <translation>Atterrir ici</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}</source>
   <translation>Ordres à {name}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Orders to {name}: not heard for {age}</source>
   <translation>Ordres à {name} : non reçu depuis {age}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Resume</source>
   <translation>Reprendre</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Return</source>
   <translation>Retour</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start</source>
   <translation>Démarrer</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Start against the list…</source>
   <translation>Démarrer malgré la liste…</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>Upload</source>
   <translation>Envoyer</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>was: {state}</source>
   <translation>était : {state}</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{mission} mission, {fence} fence items</source>
   <translation>{mission} éléments de mission, {fence} de clôture</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>{order}: waiting for the aircraft</source>
   <translation>{order} : en attente de l'aéronef</translation>
  </message>
 </context>
 <context>
  <name>DebugPage</name>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>A second</source>
   <translation>Par seconde</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Age</source>
   <translation>Âge</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Last value</source>
   <translation>Dernière valeur</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Records</source>
   <translation>Enregistrements</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>STALE</source>
   <translation>PÉRIMÉ</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>State</source>
   <translation>État</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>Topic</source>
   <translation>Sujet</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>live</source>
   <translation>en direct</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>never</source>
   <translation>jamais</translation>
  </message>
  <message>
   <location filename="../craft/debug_page.py" />
   <source>{topics} topics, {silent} never heard</source>
   <translation>{topics} sujets, {silent} jamais reçus</translation>
  </message>
 </context>
 <context>
  <name>DrawPage</name>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Change</source>
   <translation>Modifier</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Delete</source>
   <translation>Supprimer</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Hole</source>
   <translation>Trou</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Merge</source>
   <translation>Fusionner</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Snap to corners and edges (hold Ctrl: not now)</source>
   <translation>Accrocher aux sommets et arêtes (Ctrl maintenu : pas maintenant)</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Split</source>
   <translation>Diviser</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>Staying in any one flight area is enough</source>
   <translation>Rester dans une seule des zones de vol suffit</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What is drawn</source>
   <translation>Ce qui est dessiné</translation>
  </message>
  <message>
   <location filename="../planner/draw_page.py" />
   <source>What to draw</source>
   <translation>Que dessiner</translation>
  </message>
 </context>
 <context>
  <name>DrawTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>left side</source>
   <translation>côté gauche</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>right side</source>
   <translation>côté droit</translation>
  </message>
 </context>
 <context>
  <name>EditTool</name>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Change the radius</source>
   <translation>Modifier le rayon</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move corner</source>
   <translation>Déplacer le sommet</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>Move shape</source>
   <translation>Déplacer la forme</translation>
  </message>
  <message>
   <location filename="../planner/edit_tool.py" />
   <source>New corner</source>
   <translation>Nouveau sommet</translation>
  </message>
 </context>
 <context>
  <name>FileDialogs</name>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>A plan, to be checked and sent as it stands</source>
   <translation>Un plan, à vérifier et à envoyer tel quel</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the drawing</source>
   <translation>Exporter le dessin</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Export the plan</source>
   <translation>Exporter le plan</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Go on?</source>
   <translation>Continuer ?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import</source>
   <translation>Importer</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import a file</source>
   <translation>Importer un fichier</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Import {file}</source>
   <translation>Importer {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Maps</source>
   <translation>Cartes</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not saved</source>
   <translation>Non enregistré</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Not taken in</source>
   <translation>Non repris</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Open a patrol</source>
   <translation>Ouvrir une patrouille</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Opened {file}</source>
   <translation>{file} ouvert</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Patrols</source>
   <translation>Patrouilles</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans</source>
   <translation>Plans</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Plans and maps</source>
   <translation>Plans et cartes</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Save the patrol</source>
   <translation>Enregistrer la patrouille</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Saved as {file}</source>
   <translation>Enregistré sous {file}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Shapes, for the drawing</source>
   <translation>Des formes, pour le dessin</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The drawing {name!r} is not saved. Save it?</source>
   <translation>Le dessin {name!r} n’est pas enregistré. L’enregistrer ?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>The file cannot hold</source>
   <translation>Le fichier ne peut contenir</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>There is no plan yet</source>
   <translation>Pas encore de plan</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Attendre : le plan est en cours de vérification</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>What is {file} to be?</source>
   <translation>Que doit être {file} ?</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>Written: {files}</source>
   <translation>Écrit : {files}</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>leave them out</source>
   <translation>les omettre</translation>
  </message>
  <message>
   <location filename="../planner/file_dialogs.py" />
   <source>{n} shapes do not say what they are. They are:</source>
   <translation>{n} formes ne disent pas ce qu’elles sont. Ce sont :</translation>
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
   <translation>... et {n} de plus</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checked: no errors. Warnings: {m}</source>
   <translation>Vérifié : aucune erreur. Avertissements : {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Checking ...</source>
   <translation>Vérification ...</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>ERROR</source>
   <translation>ERREUR</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Errors that forbid an upload: {n}. Warnings: {m}</source>
   <translation>Erreurs interdisant l’envoi : {n}. Avertissements : {m}</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Findings</source>
   <translation>Constats</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Note</source>
   <translation>Note</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Nothing is drawn yet</source>
   <translation>Rien de dessiné</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Repair (Shift+R)</source>
   <translation>Réparer (Shift+R)</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>The drawing has no errors. No patrol is asked for yet</source>
   <translation>Le dessin est sans erreur. Aucune patrouille demandée</translation>
  </message>
  <message>
   <location filename="../planner/findings.py" />
   <source>Warning</source>
   <translation>Avertissement</translation>
  </message>
 </context>
 <context>
  <name>FlightDisplay</name>
  <message>
   <location filename="../flight/display.py" />
   <source>NOT LIVE, heard {age} ago</source>
   <translation>PAS EN DIRECT, reçu il y a {age}</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>armed</source>
   <translation>armé</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>disarmed</source>
   <translation>désarmé</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>item {number} of {total}</source>
   <translation>élément {number} sur {total}</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>kt over ground</source>
   <translation>kt sol</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>m/s over ground</source>
   <translation>m/s sol</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no aircraft</source>
   <translation>aucun aéronef</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>no attitude</source>
   <translation>pas d'assiette</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind not told</source>
   <translation>vent non donné</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>wind {value} {unit}
from {direction}°</source>
   <translation>vent {value} {unit}
du {direction}°</translation>
  </message>
  <message>
   <location filename="../flight/display.py" />
   <source>{unit} above home</source>
   <translation>{unit} sur le départ</translation>
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
   <translation>Degrés, degrés et minutes, UTM ou MGRS :</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go</source>
   <translation>Aller</translation>
  </message>
  <message>
   <location filename="../map/goto.py" />
   <source>Go to coordinate</source>
   <translation>Aller à la coordonnée</translation>
  </message>
 </context>
 <context>
  <name>GroupPanel</name>
  <message>
   <location filename="../flight/group.py" />
   <source>Confirm</source>
   <translation>Confirmer</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Prepare</source>
   <translation>Préparer</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>The order lapsed: nothing was sent.</source>
   <translation>L'ordre a expiré : rien n'a été envoyé.</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Waiting for the aircraft …</source>
   <translation>En attente de l'aéronef …</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>not heard</source>
   <translation>non reçu</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>{order} for {names}: hold Confirm within {seconds} s</source>
   <translation>{order} pour {names} : maintenez Confirmer d'ici {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>GuidePanel</name>
  <message>
   <location filename="../craft/guide.py" />
   <source>I know my way now</source>
   <translation>Je m'y retrouve maintenant</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Show: {panel}</source>
   <translation>Montrer : {panel}</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>That was a whole patrol.</source>
   <translation>C'était une patrouille complète.</translation>
  </message>
 </context>
 <context>
  <name>HoldButton</name>
  <message>
   <location filename="../panels/common.py" />
   <source>Hold it for {seconds} s</source>
   <translation>Maintenir {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>HoleTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that gets the hole first</source>
   <translation>Choisir d’abord la forme à trouer</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Cut a hole</source>
   <translation>Découper un trou</translation>
  </message>
 </context>
 <context>
  <name>JoystickReader</name>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>; moved last: {what}</source>
   <translation>; dernier mouvement : {what}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}</source>
   <translation>Manette {name}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>Joystick {name}: hold button {n}</source>
   <translation>Manette {name} : maintenir le bouton {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>No joystick is plugged in.</source>
   <translation>Aucune manette n'est branchée.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>The joystick is gone: the camera was stopped.</source>
   <translation>La manette a disparu : la caméra a été arrêtée.</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>axis {n}</source>
   <translation>axe {n}</translation>
  </message>
  <message>
   <location filename="../flight/joystick_reader.py" />
   <source>button {n}</source>
   <translation>bouton {n}</translation>
  </message>
 </context>
 <context>
  <name>JoystickRows</name>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis to the sides</source>
   <translation>Manette : axe latéral</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: axis up and down</source>
   <translation>Manette : axe vertical</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: button that is held meanwhile</source>
   <translation>Manette : bouton maintenu pendant le mouvement</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Joystick: still zone in the middle</source>
   <translation>Manette : zone morte au centre</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>Pushed forward it looks up</source>
   <translation>Poussée vers l'avant, la caméra regarde en haut</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>The joystick turns the camera</source>
   <translation>La manette oriente la caméra</translation>
  </message>
  <message>
   <location filename="../craft/joystick_rows.py" />
   <source>none: as soon as it is moved</source>
   <translation>aucun : dès qu'elle bouge</translation>
  </message>
 </context>
 <context>
  <name>KeysPage</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Command</source>
   <translation>Commande</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Key</source>
   <translation>Touche</translation>
  </message>
 </context>
 <context>
  <name>Lamp</name>
  <message>
   <location filename="../panels/common.py" />
   <source>no data</source>
   <translation>pas de données</translation>
  </message>
 </context>
 <context>
  <name>Legend</name>
  <message>
   <location filename="../map/legend.py" />
   <source>Layers (L)</source>
   <translation>Couches (L)</translation>
  </message>
  <message>
   <location filename="../map/legend.py" />
   <source>{n} not live</source>
   <translation>{n} pas en direct</translation>
  </message>
 </context>
 <context>
  <name>MapBar</name>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file</source>
   <translation>Ajouter un fichier de carte</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Add a map file …</source>
   <translation>Ajouter un fichier de carte …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Address with {z}, {x} and {y}; empty for none. Every tile is kept on this machine.</source>
   <translation>Adresse avec {z}, {x} et {y} ; vide pour aucun. Chaque tuile est gardée sur cette machine.</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Background</source>
   <translation>Fond</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Coordinates</source>
   <translation>Coordonnées</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Follow (Shift+F)</source>
   <translation>Suivre (Maj+F)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Go to (G)</source>
   <translation>Aller à (G)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep this place</source>
   <translation>Garder ce lieu</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Keep what is shown now …</source>
   <translation>Garder ce qui est affiché …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>MGRS</source>
   <translation>MGRS</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Maps</source>
   <translation>Cartes</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Measure (M)</source>
   <translation>Mesurer (M)</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Name:</source>
   <translation>Nom :</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Places</source>
   <translation>Lieux</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Remove</source>
   <translation>Retirer</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server</source>
   <translation>Serveur de tuiles</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>Tile server …</source>
   <translation>Serveur de tuiles …</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>UTM</source>
   <translation>UTM</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>decimal degrees</source>
   <translation>degrés décimaux</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes</source>
   <translation>degrés, minutes</translation>
  </message>
  <message>
   <location filename="../map/bar.py" />
   <source>degrees, minutes, seconds</source>
   <translation>degrés, minutes, secondes</translation>
  </message>
 </context>
 <context>
  <name>MapView</name>
  <message>
   <location filename="../map/view.py" />
   <source>Centre here</source>
   <translation>Centrer ici</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Choose aircraft {n}</source>
   <translation>Choisir l'aéronef {n}</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>Copy {place}</source>
   <translation>Copier {place}</translation>
  </message>
  <message>
   <location filename="../map/view.py" />
   <source>The map follows the aircraft</source>
   <translation>La carte suit l'aéronef</translation>
  </message>
 </context>
 <context>
  <name>NeighbourPanel</name>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>Aucun voisin n'est configuré : rien n'est partagé.</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>connected</source>
   <translation>connecté</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>last receipt {age} ago</source>
   <translation>dernier accusé il y a {age}</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not connected</source>
   <translation>non connecté</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>not known for {age}</source>
   <translation>inconnu depuis {age}</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <source>{stored} messages stored by them, {waiting} waiting, {withheld} withheld by the agreement, {received} received</source>
   <translation>{stored} messages stockés chez eux, {waiting} en attente, {withheld} retenus par l'accord, {received} reçus</translation>
  </message>
 </context>
 <context>
  <name>OverrideDialog</name>
  <message>
   <location filename="../flight/override.py" />
   <source>Do not start</source>
   <translation>Ne pas démarrer</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Reason</source>
   <translation>Motif</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send a plan that has errors</source>
   <translation>Envoyer un plan avec des erreurs</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it all the same</source>
   <translation>Envoyer quand même</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start aircraft {name} against the list</source>
   <translation>Démarrer l'aéronef {name} malgré la liste</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Start anyway</source>
   <translation>Démarrer quand même</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The checks forbid this plan. Your name and reason are logged before anything is sent.</source>
   <translation>Les vérifications interdisent ce plan. Votre nom et votre motif sont consignés avant tout envoi.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>The list has not been read.</source>
   <translation>La liste n'a pas été lue.</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>These forbid the start:</source>
   <translation>Ceci interdit le départ :</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Who answers for it</source>
   <translation>Qui en répond</translation>
  </message>
  <message>
   <location filename="../flight/override.py" />
   <source>Why</source>
   <translation>Pourquoi</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Your name</source>
   <translation>Votre nom</translation>
  </message>
 </context>
 <context>
  <name>PairsBox</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Different</source>
   <translation>Différente</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>Same</source>
   <translation>Même</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>This station cannot keep a verdict on a pair.</source>
   <translation>Cette station ne peut pas garder d'avis sur une paire.</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>kept</source>
   <translation>conservé</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>not renewed for {age}</source>
   <translation>pas renouvelé depuis {age}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{metres} m apart; the station says: {state}</source>
   <translation>à {metres} m ; la station dit : {state}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{name} says: {verdict}</source>
   <translation>{name} dit : {verdict}</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>{theirs} of {peer} and our {ours}</source>
   <translation>{theirs} de {peer} et notre {ours}</translation>
  </message>
 </context>
 <context>
  <name>PeriodDialog</name>
  <message>
   <location filename="../replay/period.py" />
   <source>At most {hours} hours at once.</source>
   <translation>Au plus {hours} heures à la fois.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Cancel</source>
   <translation>Annuler</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>From (UTC)</source>
   <translation>De (UTC)</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>It ends before it begins.</source>
   <translation>Elle finit avant de commencer.</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Replay</source>
   <translation>Relecture</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>Show it</source>
   <translation>Montrer</translation>
  </message>
  <message>
   <location filename="../replay/period.py" />
   <source>To (UTC)</source>
   <translation>À (UTC)</translation>
  </message>
 </context>
 <context>
  <name>PictureWidget</name>
  <message>
   <location filename="../video/picture.py" />
   <source>LIVE</source>
   <translation>DIRECT</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NO BOXES: last analysed {seconds} s ago</source>
   <translation>PAS DE CADRES : dernière analyse il y a {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>NOT LIVE   {seconds} s ago</source>
   <translation>PAS EN DIRECT   il y a {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>STALE PICTURE  {seconds} s</source>
   <translation>IMAGE PÉRIMÉE  {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>Video {stream}</source>
   <translation>Vidéo {stream}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>boxes carried on {ms} ms</source>
   <translation>cadres prolongés de {ms} ms</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no position: the tracks of this frame have not come</source>
   <translation>pas de position : les pistes de cette image ne sont pas arrivées</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>no video yet</source>
   <translation>pas encore de vidéo</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>not on the map: </source>
   <translation>pas sur la carte : </translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>picture age {age}</source>
   <translation>âge de l'image {age}</translation>
  </message>
  <message>
   <location filename="../video/picture.py" />
   <source>{range} m away</source>
   <translation>à {range} m</translation>
  </message>
 </context>
 <context>
  <name>PlannerSession</name>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete corner</source>
   <translation>Supprimer le sommet</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Delete shape</source>
   <translation>Supprimer la forme</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Done again: {step}</source>
   <translation>Refait : {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Draw</source>
   <translation>Dessiner</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Merge</source>
   <translation>Fusionner</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Recover</source>
   <translation>Récupérer</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repair</source>
   <translation>Réparer</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Repaired: {what}</source>
   <translation>Réparé : {what}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>Undone: {step}</source>
   <translation>Annulé : {step}</translation>
  </message>
  <message>
   <location filename="../planner/session.py" />
   <source>nothing had to be repaired</source>
   <translation>rien à réparer</translation>
  </message>
 </context>
 <context>
  <name>PlannerView</name>
  <message>
   <location filename="../planner/view.py" />
   <source>A console ended without saving</source>
   <translation>Une console s’est terminée sans enregistrer</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Aircraft holds</source>
   <translation>Dans l’aéronef</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change</source>
   <translation>Modifier</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Change the limits</source>
   <translation>Modifier les limites</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click on the map</source>
   <translation>Cliquer sur la carte</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners of the hole; a double click ends</source>
   <translation>Cliquer les sommets du trou ; un double-clic termine</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Click the corners; a double click or Enter ends, Backspace takes one back</source>
   <translation>Cliquer les sommets ; double-clic ou Entrée termine, Retour arrière en retire un</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Cut a hole</source>
   <translation>Découper un trou</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw</source>
   <translation>Dessiner</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a circle</source>
   <translation>Dessiner un cercle</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a corridor</source>
   <translation>Dessiner un couloir</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line</source>
   <translation>Dessiner une ligne</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a line right across the shape; a double click ends</source>
   <translation>Tracer une ligne à travers toute la forme ; un double-clic termine</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a point</source>
   <translation>Dessiner un point</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Draw a polygon</source>
   <translation>Dessiner un polygone</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Drawn: {name}</source>
   <translation>Dessiné : {name}</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the drawing ...</source>
   <translation>Exporter le dessin ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Export the plan ...</source>
   <translation>Exporter le plan ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>File</source>
   <translation>Fichier</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Import a file of another program ...</source>
   <translation>Importer un fichier d’un autre programme ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>It had drawn {name!r} with {n} shapes. Take it up again?</source>
   <translation>Elle avait dessiné {name!r} avec {n} formes. Reprendre ?</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon</source>
   <translation>Convertir en polygone</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Make a polygon of a circle or corridor</source>
   <translation>Convertir un cercle ou un couloir en polygone</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Merge</source>
   <translation>Fusionner</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Name of the patrol</source>
   <translation>Nom de la patrouille</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: nothing drawn</source>
   <translation>Nouveau : rien de dessiné</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>New: the station's area</source>
   <translation>Nouveau : la zone de la station</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Open ...</source>
   <translation>Ouvrir ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Patrol</source>
   <translation>Patrouille</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Press at the centre and drag to the edge</source>
   <translation>Appuyer au centre et tirer jusqu’au bord</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Redo</source>
   <translation>Rétablir</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Rename</source>
   <translation>Renommer</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Repair</source>
   <translation>Réparer</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save</source>
   <translation>Enregistrer</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Save as ...</source>
   <translation>Enregistrer sous ...</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Split</source>
   <translation>Diviser</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Taken up again: it is not saved yet</source>
   <translation>Repris : pas encore enregistré</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Turn a line round</source>
   <translation>Inverser une ligne</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>Undo</source>
   <translation>Annuler</translation>
  </message>
  <message>
   <location filename="../planner/view.py" />
   <source>{role}: cannot be drawn like that</source>
   <translation>{role} : ne peut être dessiné ainsi</translation>
  </message>
 </context>
 <context>
  <name>PointsTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>At least {n} points are needed: click on the map</source>
   <translation>Il faut au moins {n} points : cliquer sur la carte</translation>
  </message>
 </context>
 <context>
  <name>ReplayBar</name>
  <message>
   <location filename="../replay/bar.py" />
   <source>Back to live</source>
   <translation>Retour au direct</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>LIVE: {count} alerts wait</source>
   <translation>DIRECT : {count} alertes en attente</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Moment of the replay</source>
   <translation>Moment de la relecture</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Play</source>
   <translation>Lire</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>REPLAY, NOT LIVE</source>
   <translation>RELECTURE, PAS EN DIRECT</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Speed of the replay</source>
   <translation>Vitesse de la relecture</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>Stop</source>
   <translation>Arrêter</translation>
  </message>
  <message>
   <location filename="../replay/bar.py" />
   <source>{moment} reading …</source>
   <translation>{moment} lecture …</translation>
  </message>
 </context>
 <context>
  <name>SettingsPage</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>A sound with each alert</source>
   <translation>Un son à chaque alerte</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>As the machine</source>
   <translation>Comme la machine</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Colours</source>
   <translation>Couleurs</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Height of the text in pixels</source>
   <translation>Hauteur du texte en pixels</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Kept in: {path}</source>
   <translation>Gardé dans : {path}</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Language (when the console is opened again)</source>
   <translation>Langue (à la prochaine ouverture de la console)</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Speak alerts</source>
   <translation>Annoncer les alertes à voix haute</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Units of the flight display</source>
   <translation>Unités de l'affichage de vol</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>nowhere: they are forgotten at the end</source>
   <translation>nulle part : oubliés à la fin</translation>
  </message>
 </context>
 <context>
  <name>ShapeForm</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Add corner</source>
   <translation>Ajouter un sommet</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Buffer</source>
   <translation>Marge</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Change {name}</source>
   <translation>Modifier {name}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates</source>
   <translation>Coordonnées</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Coordinates written as</source>
   <translation>Coordonnées écrites en</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Corner (type or paste any form)</source>
   <translation>Sommet (saisir ou coller, toute notation)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Delete corner</source>
   <translation>Supprimer le sommet</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>From height</source>
   <translation>À partir de la hauteur</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Half width</source>
   <translation>Demi-largeur</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Its top</source>
   <translation>Son sommet</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its left</source>
   <translation>Pays à gauche</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Land on its right</source>
   <translation>Pays à droite</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Name</source>
   <translation>Nom</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>New corner</source>
   <translation>Nouveau sommet</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>No shape is chosen: click one on the map</source>
   <translation>Aucune forme choisie : cliquer sur une forme de la carte</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Ours is</source>
   <translation>Le nôtre est</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste corners</source>
   <translation>Coller des sommets</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Paste list</source>
   <translation>Coller la liste</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Radius</source>
   <translation>Rayon</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Type a corner</source>
   <translation>Saisir un sommet</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>Up to height</source>
   <translation>Jusqu’à la hauteur</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>When</source>
   <translation>Quand</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>always; or Mo-Fr 22:00-04:00 (UTC)</source>
   <translation>toujours ; ou Mo-Fr 22:00-04:00 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>hole {n}, {k}</source>
   <translation>trou {n}, {k}</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>{n} shapes are chosen</source>
   <translation>{n} formes choisies</translation>
  </message>
 </context>
 <context>
  <name>ShiftView</name>
  <message>
   <location filename="../shift/view.py" />
   <source>Entry in the log book</source>
   <translation>Entrée dans la main courante</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Handover sheet</source>
   <translation>Feuille de relève</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Kind</source>
   <translation>Type</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Read again</source>
   <translation>Relire</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Replay …</source>
   <translation>Relecture …</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Search: words that must all be there</source>
   <translation>Recherche : mots qui doivent tous y être</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Text</source>
   <translation>Texte</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>The station did not hand over its log book.</source>
   <translation>La station n'a pas fourni sa main courante.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>There is no folder to write the sheet to.</source>
   <translation>Il n'y a pas de dossier pour la feuille.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>This console cannot open another window.</source>
   <translation>Cette console ne peut pas ouvrir d'autre fenêtre.</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Time</source>
   <translation>Heure</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>What</source>
   <translation>Quoi</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Who</source>
   <translation>Qui</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>Write</source>
   <translation>Écrire</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the newest {count} shown</source>
   <translation>les {count} dernières affichées</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>{count} lines</source>
   <translation>{count} lignes</translation>
  </message>
 </context>
 <context>
  <name>SplitTool</name>
  <message>
   <location filename="../planner/tools.py" />
   <source>Choose the shape that is to be cut first</source>
   <translation>Choisir d’abord la forme à couper</translation>
  </message>
  <message>
   <location filename="../planner/tools.py" />
   <source>Split</source>
   <translation>Diviser</translation>
  </message>
 </context>
 <context>
  <name>StatusStrip</name>
  <message>
   <location filename="../status_bar.py" />
   <source>1 fault</source>
   <translation>1 défaut</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Alerts</source>
   <translation>Alertes</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Battery</source>
   <translation>Batterie</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Click: show the alerts</source>
   <translation>Clic : montrer les alertes</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Fence</source>
   <translation>Clôture</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Flight</source>
   <translation>Vol</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Link</source>
   <translation>Liaison</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>Neighbour</source>
   <translation>Voisin</translation>
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
   <translation>Vidéo</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>cut, {count} wait</source>
   <translation>coupé, {count} en attente</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no data</source>
   <translation>pas de données</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>no fault</source>
   <translation>aucun défaut</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>none waiting</source>
   <translation>aucune en attente</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>not set up</source>
   <translation>non configuré</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>old {age}</source>
   <translation>ancien {age}</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>on the ground</source>
   <translation>au sol</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>unknown</source>
   <translation>inconnu</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} faults</source>
   <translation>{count} défauts</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} stored</source>
   <translation>{count} stockés</translation>
  </message>
  <message>
   <location filename="../status_bar.py" />
   <source>{count} waiting</source>
   <translation>{count} en attente</translation>
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
   <translation>Caméra</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Heading</source>
   <translation>Cap</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Height above home</source>
   <translation>Hauteur sur le départ</translation>
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
   <translation>Vitesse</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>Waypoint</source>
   <translation>Point de route</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>and {count} more</source>
   <translation>et {count} autres</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>no fix</source>
   <translation>pas de fix</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · désarmé</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{number} of {total}</source>
   <translation>{number} sur {total}</translation>
  </message>
  <message>
   <location filename="../panels/telemetry.py" />
   <source>{title}: NOT LIVE, heard {age} ago</source>
   <translation>{title} : PAS EN DIRECT, reçu il y a {age}</translation>
  </message>
 </context>
 <context>
  <name>UploadPage</name>
  <message>
   <location filename="../planner/upload.py" />
   <source> It holds: {what}.</source>
   <translation> Il contient : {what}.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n}</source>
   <translation>Aéronef {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} can only be watched</source>
   <translation>L’aéronef {n} ne peut être qu’observé</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is being sent a plan</source>
   <translation>Un plan est en cours d’envoi à l’aéronef {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Aircraft {n} is flying: plans are sent on the ground</source>
   <translation>L’aéronef {n} vole : les plans s’envoient au sol</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Errors that forbid the upload: {n}</source>
   <translation>Erreurs interdisant l’envoi : {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>FAILED: {why}.{holds}</source>
   <translation>ÉCHEC : {why}.{holds}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Goes to</source>
   <translation>Va à</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>EN VIGUEUR : relu et identique</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is a plan only when the aircraft has read it back, identical.</source>
   <translation>Un plan n’est en vigueur que lorsque l’aéronef l’a relu à l’identique.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is the plan as sent at {t}; it was changed here since</source>
   <translation>En vigueur : le plan envoyé à {t} ; il a été modifié ici depuis</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>In force is {name}, not sent from this board: compare before you rely on it</source>
   <translation>En vigueur : {name}, non envoyé d’ici : comparer avant de s’y fier</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No aircraft was heard yet</source>
   <translation>Aucun aéronef entendu</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No link to aircraft {n}</source>
   <translation>Pas de liaison avec l’aéronef {n}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>No station is connected: nothing can be sent</source>
   <translation>Aucune station connectée : rien ne peut être envoyé</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent from this console</source>
   <translation>Rien n’a été envoyé de cette console</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Nothing was sent: {why}</source>
   <translation>Rien n’a été envoyé : {why}</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Send it in spite of the errors ...</source>
   <translation>Envoyer malgré les erreurs ...</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Sent at {t}, no answer yet</source>
   <translation>Envoyé à {t}, pas encore de réponse</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>The plan has changed meanwhile: look at it again</source>
   <translation>Le plan a changé entre-temps : le revoir</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>There is no plan yet</source>
   <translation>Pas encore de plan</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>This drawing is not the area that the station runs with: the aircraft gets these fences, the station goes on judging plans and crossings by its own.</source>
   <translation>Ce dessin n’est pas la zone avec laquelle la station fonctionne : l’aéronef reçoit ces clôtures, la station continue à juger plans et franchissements d’après la sienne.</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Two plans go to the same aircraft: choose another</source>
   <translation>Deux plans vont au même aéronef : en choisir un autre</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Upload</source>
   <translation>Envoyer</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>Wait: the plan is being checked</source>
   <translation>Attendre : le plan est en cours de vérification</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>checking</source>
   <translation>vérification</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>given up</source>
   <translation>abandonné</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>reading back</source>
   <translation>relecture</translation>
  </message>
  <message>
   <location filename="../planner/upload.py" />
   <source>uploading</source>
   <translation>envoi</translation>
  </message>
 </context>
 <context>
  <name>VideoView</name>
  <message>
   <location filename="../video/view.py" />
   <source>All</source>
   <translation>Toutes</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Boxes</source>
   <translation>Cadres</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Colours of a thermal picture, on this screen only</source>
   <translation>Couleurs d'une image thermique, à l'écran seulement</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Lines</source>
   <translation>Lignes</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Live</source>
   <translation>Direct</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Pause</source>
   <translation>Pause</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record</source>
   <translation>Enregistrer</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Record the stream as received</source>
   <translation>Enregistrer le flux tel que reçu</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Snapshot</source>
   <translation>Instantané</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>Step back</source>
   <translation>Revenir en arrière</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>The station did not hand over its recordings.</source>
   <translation>La station n'a pas fourni ses enregistrements.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>There is no video yet.</source>
   <translation>Il n'y a pas encore de vidéo.</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>kept as {file}</source>
   <translation>gardé sous {file}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>recording ended: {count} files {detail}</source>
   <translation>enregistrement terminé : {count} fichiers {detail}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>state of the stream not known for {age}</source>
   <translation>état du flux inconnu depuis {age}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>the snapshot could not be kept: {error}</source>
   <translation>l'instantané n'a pas pu être gardé : {error}</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>there is no picture to keep</source>
   <translation>pas d'image à garder</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>was recording</source>
   <translation>enregistrait</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>{seconds} s back</source>
   <translation>{seconds} s en arrière</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>◀ 5 s</source>
   <translation>◀ 5 s</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>● RECORDING {seconds} s</source>
   <translation>● ENREGISTREMENT {seconds} s</translation>
  </message>
 </context>
 <context>
  <name>Wizard</name>
  <message>
   <location filename="../planner/wizard.py" />
   <source>1 See</source>
   <translation>1 Voir</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>2 How often</source>
   <translation>2 Fréquence</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>3 Who flies</source>
   <translation>3 Qui vole</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>4 Check</source>
   <translation>4 Vérifier</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>5 Upload</source>
   <translation>5 Envoyer</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Aircraft</source>
   <translation>Aéronef</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ask for a patrol</source>
   <translation>Demander une patrouille</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Back</source>
   <translation>Retour</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Change the patrol</source>
   <translation>Modifier la patrouille</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Checking ...</source>
   <translation>Vérification ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Distance from the border</source>
   <translation>Distance à la frontière</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw a keep-out zone</source>
   <translation>Dessiner une zone interdite</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Draw it on the map</source>
   <translation>Le dessiner sur la carte</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every</source>
   <translation>Toutes les</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Every finding stands below; a click on one takes the map there.</source>
   <translation>Chaque constat figure ci-dessous ; un clic y amène la carte.</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures from a file ...</source>
   <translation>Données d’un fichier ...</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Figures of an aircraft</source>
   <translation>Données d’un aéronef</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>From, along the border</source>
   <translation>De, le long de la frontière</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Height above ground</source>
   <translation>Hauteur au-dessus du sol</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How</source>
   <translation>Comment</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How many</source>
   <translation>Combien</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>How often is it to be seen?</source>
   <translation>À quelle fréquence faut-il le voir ?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Left of the line (right: minus)</source>
   <translation>À gauche de la ligne (droite : moins)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Next</source>
   <translation>Suivant</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>No patrol is asked for yet</source>
   <translation>Aucune patrouille demandée</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Not to be flown: {first}</source>
   <translation>À ne pas voler : {first}</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Radius</source>
   <translation>Rayon</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Ready to be uploaded: no errors</source>
   <translation>Prêt à l’envoi : aucune erreur</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Stand for</source>
   <translation>Rester</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Take-off</source>
   <translation>Décollage</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Takes off at</source>
   <translation>Décolle de</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>The border is {m} m long</source>
   <translation>La frontière fait {m} m</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>To</source>
   <translation>Au</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Watch lasts</source>
   <translation>Durée de la veille</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>What is to be seen?</source>
   <translation>Que faut-il voir ?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Which one</source>
   <translation>Lequel</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Who flies, and how?</source>
   <translation>Qui vole, et comment ?</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind</source>
   <translation>Vent</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>Wind from</source>
   <translation>Vent de</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>battery left {p} %</source>
   <translation>batterie restante {p} %</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>how long a place is out of sight: being worked out</source>
   <translation>durée hors de vue d’un lieu : calcul en cours</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>none yet</source>
   <translation>aucun encore</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>now; or 20:30 (UTC)</source>
   <translation>maintenant ; ou 20:30 (UTC)</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>out of sight at most {s} s</source>
   <translation>hors de vue au plus {s} s</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>the first, or whichever is best</source>
   <translation>le premier, ou le meilleur</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{km} km</source>
   <translation>{km} km</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{n} rounds</source>
   <translation>{n} tours</translation>
  </message>
  <message>
   <location filename="../planner/wizard.py" />
   <source>{speed} m/s, {time} in the air, wind up to {wind} m/s</source>
   <translation>{speed} m/s, {time} en vol, vent jusqu’à {wind} m/s</translation>
  </message>
 </context>
 <context>
  <name>_HeightField</name>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above ground</source>
   <translation>m au-dessus du sol</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above home</source>
   <translation>m au-dessus du départ</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>m above sea level</source>
   <translation>m au-dessus de la mer</translation>
  </message>
  <message>
   <location filename="../planner/shape_form.py" />
   <source>none</source>
   <translation>aucune</translation>
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
   <translation>ALARME</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Animal</source>
   <translation>Animal</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Approaching the border</source>
   <translation>Approche de la frontière</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>CALL FOR HELP</source>
   <translation>APPEL À L'AIDE</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>CORRECTED by the neighbour</source>
   <translation>CORRIGÉE par le voisin</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Confirmed</source>
   <translation>Confirmée</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Crossing</source>
   <translation>Franchissement</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>ESCALATED</source>
   <translation>ESCALADÉE</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>False alarm</source>
   <translation>Fausse alerte</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Group</source>
   <translation>Groupe</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>It is the neighbour's own.</source>
   <translation>C'est celle du voisin.</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Leave it there</source>
   <translation>Laisser chez lui</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Loitering</source>
   <translation>Présence prolongée</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>NOT ACKNOWLEDGED {time}</source>
   <translation>NON ACQUITTÉE {time}</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>NOT SAVED YET: the station's disk does not take it</source>
   <translation>PAS ENCORE ENREGISTRÉ : le disque de la station refuse</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Needs help</source>
   <translation>A besoin d'aide</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour has been heard yet.</source>
   <translation>Aucun voisin entendu pour l'instant.</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>No neighbour is set up: nothing is shared.</source>
   <translation>Aucun voisin n'est configuré : rien n'est partagé.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Own patrol</source>
   <translation>Patrouille amie</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Person down: help needed?</source>
   <translation>Personne au sol : aide nécessaire ?</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>TAKEN BACK by the neighbour</source>
   <translation>RETIRÉE par le voisin</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>THEIRS: {peer}</source>
   <translation>DU VOISIN : {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>Take it back</source>
   <translation>Retirer</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The record of a neighbour's incident is the neighbour's.</source>
   <translation>Le dossier d'un incident du voisin est chez le voisin.</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>The station did not hand over its records.</source>
   <translation>La station n'a pas fourni ses archives.</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>Vehicle stopped</source>
   <translation>Véhicule arrêté</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>WATCH</source>
   <translation>À SURVEILLER</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>clip</source>
   <translation>extrait</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>handed to {peer}</source>
   <translation>remise à {peer}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>left with the neighbour as it was told</source>
   <translation>laissé chez le voisin tel que communiqué</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>not classified</source>
   <translation>non classée</translation>
  </message>
  <message>
   <location filename="../alerts/neighbour.py" />
   <source>offered to {peer}; it stays ours until they accept</source>
   <translation>proposée à {peer} ; reste à nous jusqu'à son accord</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>person</source>
   <translation>personne</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>place unknown</source>
   <translation>lieu inconnu</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>probability not told</source>
   <translation>probabilité non indiquée</translation>
  </message>
  <message>
   <location filename="../alerts/acts.py" />
   <source>saved</source>
   <translation>enregistré</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by the neighbour</source>
   <translation>vue par le voisin</translation>
  </message>
  <message>
   <location filename="../alerts/delegate.py" />
   <source>seen by {name} {time}</source>
   <translation>vue par {name} {time}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>taken back from the neighbour: {reason}</source>
   <translation>retiré chez le voisin : {reason}</translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>the procedure proposes this</source>
   <translation>proposé par la procédure</translation>
  </message>
  <message>
   <location filename="../alerts/reports.py" />
   <source>the report is being made …</source>
   <translation>rapport en préparation …</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>to</source>
   <translation>vers</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>two-wheeler</source>
   <translation>deux-roues</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>vehicle</source>
   <translation>véhicule</translation>
  </message>
  <message>
   <location filename="../alerts/words.py" />
   <source>{peer} tells: </source>
   <translation>{peer} signale : </translation>
  </message>
  <message>
   <location filename="../alerts/follow_up.py" />
   <source>{verdict}: take back what the neighbour was told of this?</source>
   <translation>{verdict} : retirer ce que le voisin en a appris ?</translation>
  </message>
 </context>
 <context>
  <name>crash</name>
  <message>
   <location filename="../craft/crash.py" />
   <source>A part of the console failed and the rest goes on: {error}. Report: {path}</source>
   <translation>Une partie de la console a échoué, le reste continue : {error}. Rapport : {path}</translation>
  </message>
  <message>
   <location filename="../craft/crash.py" />
   <source>nowhere: the disk did not take it</source>
   <translation>nulle part : le disque l'a refusé</translation>
  </message>
 </context>
 <context>
  <name>flight</name>
  <message>
   <location filename="../flight/words.py" />
   <source>AREAS LEFT OUT</source>
   <translation>ZONES OMISES</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>BREACHED</source>
   <translation>FRANCHIE</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>LOST {age}</source>
   <translation>PERDU {age}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT good</source>
   <translation>PAS bonne</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>NOT in force</source>
   <translation>PAS en vigueur</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>Nothing is heard. The aircraft takes its own lost-link action; orders do not reach it.</source>
   <translation>Rien n'est reçu. L'aéronef agit de lui-même en perte de liaison ; les ordres ne l'atteignent pas.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft does not trust its own position.</source>
   <translation>L'aéronef ne se fie pas à sa propre position.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft holds no fence.</source>
   <translation>L'aéronef n'a aucune clôture.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft is outside its fence.</source>
   <translation>L'aéronef est hors de sa clôture.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft keeps a fence that this station has not verified.</source>
   <translation>L'aéronef respecte une clôture que cette station n'a pas vérifiée.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The aircraft's fence is off.</source>
   <translation>La clôture de l'aéronef est désactivée.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>The traffic receiver has gone quiet.</source>
   <translation>Le récepteur de trafic est muet.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>clear</source>
   <translation>dégagé</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>in force</source>
   <translation>en vigueur</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no fault</source>
   <translation>aucun défaut</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>no receiver is heard</source>
   <translation>aucun récepteur n'est reçu</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>none</source>
   <translation>aucune</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>not known</source>
   <translation>inconnu</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on arming</source>
   <translation>à l'armement</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>on, not ours</source>
   <translation>active, pas la nôtre</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>only reports</source>
   <translation>signale seulement</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft tells nothing of its battery</source>
   <translation>l'aéronef ne dit rien de sa batterie</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>the aircraft's own reckoning of the time until it is empty</source>
   <translation>calcul de l'aéronef du temps jusqu'à ce qu'elle soit vide</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>time until 20 % are left, from how it goes down</source>
   <translation>temps jusqu'à 20 % restants, d'après la baisse</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>until a restart</source>
   <translation>jusqu'à un redémarrage</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>was {word}</source>
   <translation>était {word}</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{count} sats</source>
   <translation>{count} sat.</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{difference} m in height, nearest in {seconds} s at {metres} m</source>
   <translation>{difference} m en hauteur, au plus près dans {seconds} s à {metres} m</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{fault}  (+{more})</source>
   <translation>{fault}  (+{more})</translation>
  </message>
  <message>
   <location filename="../flight/words.py" />
   <source>{mode} · disarmed</source>
   <translation>{mode} · désarmé</translation>
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
   <translation>Reprendre</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Return</source>
   <translation>Retour</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <source>Start</source>
   <translation>Démarrer</translation>
  </message>
 </context>
 <context>
  <name>guide</name>
  <message>
   <location filename="../craft/guide.py" />
   <source>Alerts: choose it, look at it, then acknowledge it.</source>
   <translation>Alertes : la choisir, la regarder, puis l'acquitter.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An aircraft is heard</source>
   <translation>Un aéronef est reçu</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>An alert comes</source>
   <translation>Une alerte arrive</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Answer it</source>
   <translation>Y répondre</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Before the flight: press Read the list. Do what it asks for until it says May start.</source>
   <translation>Avant le vol : appuyer sur Lire la liste. Faire ce qu'elle demande jusqu'à ce qu'elle autorise le départ.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Bring it home</source>
   <translation>Le ramener</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Return for a second. F8 makes it hold still at any time.</source>
   <translation>Ordres : maintenir Retour une seconde. F8 l'immobilise à tout moment.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Orders: hold Start for a second. The aircraft takes off and follows the line.</source>
   <translation>Ordres : maintenir Départ une seconde. L'aéronef décolle et suit la ligne.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Plan a patrol and send it</source>
   <translation>Planifier une patrouille et l'envoyer</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Planner: read each page and press Next, four times: what is to be seen, how often, who flies, what the checks say. Then press Upload. Done when it says IN FORCE.</source>
   <translation>Planificateur : lire chaque page et appuyer sur Suivant, quatre fois : ce qu'il faut voir, la fréquence, qui vole, ce que disent les contrôles. Puis appuyer sur Envoyer. C'est fait quand il affiche EN VIGUEUR.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Read the list</source>
   <translation>Lire la liste</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Somebody crosses the border within a minute or two: the lamp Alerts tells it.</source>
   <translation>Quelqu'un franchit la frontière d'ici une ou deux minutes : le voyant Alertes le dit.</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Start</source>
   <translation>Démarrer</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <source>Wait until a row with its number stands at the top, and Position says its satellites.</source>
   <translation>Attendez qu'une ligne avec son numéro soit en haut et que Position donne ses satellites.</translation>
  </message>
 </context>
 <context>
  <name>keys</name>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Camera: turn, while its stick has the keyboard</source>
   <translation>Caméra : tourner, tant que son manche a le clavier</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Choose an aircraft</source>
   <translation>Choisir un aéronef</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Hold position, at once</source>
   <translation>Tenir la position, aussitôt</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: age of what was seen</source>
   <translation>Carte : âge de ce qui a été vu</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the aircraft</source>
   <translation>Carte : l'aéronef</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: the patrol</source>
   <translation>Carte : la patrouille</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Map: whole area</source>
   <translation>Carte : toute la zone</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Next button; press or hold it</source>
   <translation>Bouton suivant ; appuyer ou maintenir</translation>
  </message>
  <message>
   <location filename="../craft/keys_page.py" />
   <source>Return: hold the space bar</source>
   <translation>Retour : maintenir la barre d'espace</translation>
  </message>
 </context>
 <context>
  <name>link</name>
  <message>
   <location filename="../link_lamp.py" />
   <source>alive</source>
   <translation>active</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>not measured</source>
   <translation>non mesuré</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>slow, {seconds} s</source>
   <translation>lente, {seconds} s</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{hint}, over {name}</source>
   <translation>{hint}, par {name}</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost</source>
   <translation>{percent} % perdus</translation>
  </message>
  <message>
   <location filename="../link_lamp.py" />
   <source>{percent} % lost, round trip {time}</source>
   <translation>{percent} % perdus, aller-retour {time}</translation>
  </message>
 </context>
 <context>
  <name>map</name>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>(own side)</source>
   <translation>(notre côté)</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>, not seen for {n} s</source>
   <translation>, non vu depuis {n} s</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>1 to 3 h ago</source>
   <translation>il y a 1 à 3 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>10 to 30 min ago</source>
   <translation>il y a 10 à 30 min</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>3 to 8 h ago</source>
   <translation>il y a 3 à 8 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>30 min to 1 h ago</source>
   <translation>il y a 30 min à 1 h</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>90 % ellipse; hollow: not seen now</source>
   <translation>ellipse à 90 % ; creux : pas vu maintenant</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>; ceiling {n} m above home</source>
   <translation>; plafond {n} m sur le départ</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>Age map</source>
   <translation>Carte des âges</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Air traffic</source>
   <translation>Trafic aérien</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Aircraft, way flown</source>
   <translation>Aéronef, trajet volé</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/ground.py" />
   <source>Area</source>
   <translation>Zone</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>Background</source>
   <translation>Fond</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Border and its sides</source>
   <translation>Frontière et ses côtés</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Camera sees</source>
   <translation>La caméra voit</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>Degrees</source>
   <translation>Degrés</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Fences</source>
   <translation>Clôtures</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <location filename="../map/layers/fences.py" />
   <source>Flight</source>
   <translation>Vol</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>H launch, R rally</source>
   <translation>H départ, R ralliement</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Incidents</source>
   <translation>Incidents</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Keep-out zones</source>
   <translation>Zones interdites</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>Launch, rally, obstacles</source>
   <translation>Départ, ralliement, obstacles</translation>
  </message>
  <message>
   <location filename="../map/layers/grid.py" />
   <source>MGRS grid</source>
   <translation>Grille MGRS</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <location filename="../map/layers/grid.py" />
   <source>Map</source>
   <translation>Carte</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>NO LINK</source>
   <translation>PAS DE LIAISON</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: last told {age} ago</source>
   <translation>PAS confirmé : dernier message il y a {age}</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: the aircraft has not told that it acts</source>
   <translation>PAS confirmé : l'aéronef n'a pas dit qu'elle agit</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>NOT confirmed: {why}</source>
   <translation>PAS confirmé : {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Neighbour's tracks</source>
   <translation>Pistes du voisin</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>No-look areas</source>
   <translation>Zones à ne pas regarder</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <location filename="../map/layers/others.py" />
   <source>Others</source>
   <translation>Autres</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>Own patrols</source>
   <translation>Nos patrouilles</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>Own tracks</source>
   <translation>Nos pistes</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Patrol</source>
   <translation>Patrouille</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <location filename="../map/layers/others.py" />
   <location filename="../map/layers/tracks.py" />
   <source>Seen</source>
   <translation>Vu</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>Shared with the neighbour</source>
   <translation>Partagé avec le voisin</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>Wind and fence forecast</source>
   <translation>Vent et prévision de clôture</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>acknowledged</source>
   <translation>acquitté</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>age map: nothing is known yet</source>
   <translation>carte des âges : rien n'est encore connu</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic on collision course</source>
   <translation>trafic aérien en route de collision</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>air traffic, 30 s ahead</source>
   <translation>trafic aérien, 30 s à l'avance</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>alarm, with its CE90</source>
   <translation>alarme, avec son CE90</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>area {area}</source>
   <translation>surface {area}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>camera must not look
{name}</source>
   <translation>la caméra ne doit pas regarder
{name}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>ceiling</source>
   <translation>plafond</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>class not sure</source>
   <translation>classe incertaine</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the first corner</source>
   <translation>cliquez le premier coin</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>click the next</source>
   <translation>cliquez le suivant</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence</source>
   <translation>clôture</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>fence forecast</source>
   <translation>prévision de clôture</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>fence {state}</source>
   <translation>clôture {state}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>floor</source>
   <translation>plancher</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>from {height} up</source>
   <translation>à partir de {height}</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground height not known</source>
   <translation>hauteur du sol inconnue</translation>
  </message>
  <message>
   <location filename="../map/readout.py" />
   <source>ground {n} m AMSL</source>
   <translation>sol {n} m AMSL</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force</source>
   <translation>en vigueur</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>in force, BREACHED</source>
   <translation>en vigueur, FRANCHIE</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>keep out</source>
   <translation>interdit</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>may not be looked at</source>
   <translation>ne doit pas être regardé</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>more than 8 h ago</source>
   <translation>il y a plus de 8 h</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>never seen</source>
   <translation>jamais vu</translation>
  </message>
  <message>
   <location filename="../map/base/layer.py" />
   <source>no answer: {names}</source>
   <translation>pas de réponse : {names}</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>not counted now: {why}</source>
   <translation>non compté maintenant : {why}</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>not now: {hours} UTC</source>
   <translation>pas maintenant : {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>notice</source>
   <translation>avis</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>now: {hours} UTC</source>
   <translation>maintenant : {hours} UTC</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>obstacle</source>
   <translation>obstacle</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>person</source>
   <translation>personne</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>planned, NOT in force</source>
   <translation>prévue, PAS en vigueur</translation>
  </message>
  <message>
   <location filename="../map/coverage_layer.py" />
   <source>seen less than 10 min ago</source>
   <translation>vu il y a moins de 10 min</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>shared with the neighbour inside</source>
   <translation>partagé avec le voisin à l'intérieur</translation>
  </message>
  <message>
   <location filename="../map/layers/others.py" />
   <source>someone may need help</source>
   <translation>quelqu'un a peut-être besoin d'aide</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>stay inside</source>
   <translation>rester dedans</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>two-wheeler</source>
   <translation>deux-roues</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>unsure</source>
   <translation>incertain</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>up to {height}</source>
   <translation>jusqu'à {height}</translation>
  </message>
  <message>
   <location filename="../map/layers/tracks.py" />
   <source>vehicle</source>
   <translation>véhicule</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>whole way {distance}</source>
   <translation>trajet entier {distance}</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>will meet a fence</source>
   <translation>va rencontrer une clôture</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind as the aircraft tells it, to where it blows</source>
   <translation>vent selon l'aéronef, vers où il souffle</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>wind {n} m/s</source>
   <translation>vent {n} m/s</translation>
  </message>
  <message>
   <location filename="../map/freshness.py" />
   <source>{age} old</source>
   <translation>âge {age}</translation>
  </message>
  <message>
   <location filename="../map/measure.py" />
   <source>{distance}, {bearing}° true</source>
   <translation>{distance}, {bearing}° vrai</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: brake in {n} s</source>
   <translation>{fence} : freiner dans {n} s</translation>
  </message>
  <message>
   <location filename="../map/layers/aircraft.py" />
   <source>{fence}: cannot stop before it</source>
   <translation>{fence} : ne peut s'arrêter avant</translation>
  </message>
  <message>
   <location filename="../map/layers/fences.py" />
   <source>{name} (not in force)</source>
   <translation>{name} (pas en vigueur)</translation>
  </message>
  <message>
   <location filename="../map/layers/ground.py" />
   <source>{name}, top {height}</source>
   <translation>{name}, sommet {height}</translation>
  </message>
 </context>
 <context>
  <name>menus</name>
  <message>
   <location filename="../menus.py" />
   <source>Another window</source>
   <translation>Une autre fenêtre</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Arrange panels</source>
   <translation>Disposer les panneaux</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>As at first</source>
   <translation>Comme au début</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Close the console (the station goes on)</source>
   <translation>Fermer la console (la station continue)</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Colours</source>
   <translation>Couleurs</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Help</source>
   <translation>Aide</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep as…</source>
   <translation>Garder sous…</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Keep the layout</source>
   <translation>Garder la disposition</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Larger text</source>
   <translation>Texte plus grand</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Layout</source>
   <translation>Disposition</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Name</source>
   <translation>Nom</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next colours</source>
   <translation>Couleurs suivantes</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Next panel</source>
   <translation>Panneau suivant</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panel before</source>
   <translation>Panneau précédent</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Panels shown</source>
   <translation>Panneaux affichés</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Report: {path}</source>
   <translation>Rapport : {path}</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Share</source>
   <translation>Partage</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Shift</source>
   <translation>Service</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Smaller text</source>
   <translation>Texte plus petit</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Station</source>
   <translation>Station</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>View</source>
   <translation>Affichage</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Whole screen</source>
   <translation>Plein écran</translation>
  </message>
  <message>
   <location filename="../menus.py" />
   <source>Write a report</source>
   <translation>Écrire un rapport</translation>
  </message>
 </context>
 <context>
  <name>pairs</name>
  <message>
   <location filename="../panels/pairs.py" />
   <source>cannot be compared</source>
   <translation>non comparables</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>different</source>
   <translation>différentes</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>the same</source>
   <translation>la même</translation>
  </message>
  <message>
   <location filename="../panels/pairs.py" />
   <source>undecided</source>
   <translation>indécis</translation>
  </message>
 </context>
 <context>
  <name>plan</name>
  <message>
   <location filename="../panels/controls.py" />
   <source>FAILED</source>
   <translation>ÉCHEC</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>IN FORCE: read back and identical</source>
   <translation>EN VIGUEUR : relu et identique</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>checking the plan</source>
   <translation>vérification du plan</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>no plan sent</source>
   <translation>aucun plan envoyé</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>reading back</source>
   <translation>relecture</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <source>uploading</source>
   <translation>envoi</translation>
  </message>
 </context>
 <context>
  <name>planner</name>
  <message>
   <location filename="../planner/choices.py" />
   <source>A line (a road, a river)</source>
   <translation>Une ligne (route, rivière)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A point</source>
   <translation>Un point</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>A stretch of the border</source>
   <translation>Un tronçon de la frontière</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Again and again, as long as the battery gives</source>
   <translation>Sans arrêt, tant que la batterie le permet</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>An area</source>
   <translation>Une zone</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>At times nobody can foresee, on average every</source>
   <translation>À des moments imprévisibles, en moyenne toutes les</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Border line</source>
   <translation>Ligne de frontière</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Circle</source>
   <translation>Cercle</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Corridor</source>
   <translation>Couloir</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>Drawing</source>
   <translation>Dessin</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Flight area (stay inside)</source>
   <translation>Zone de vol (rester dedans)</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Fly round it</source>
   <translation>En faire le tour</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Keep-out zone</source>
   <translation>Zone interdite</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Launch point</source>
   <translation>Point de décollage</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Line</source>
   <translation>Ligne</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Never out of sight for longer than</source>
   <translation>Jamais hors de vue plus de</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>No-look area</source>
   <translation>Zone à ne pas regarder</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Obstacle</source>
   <translation>Obstacle</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Once</source>
   <translation>Une fois</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Place to be seen</source>
   <translation>Lieu à voir</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Point</source>
   <translation>Point</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Polygon</source>
   <translation>Polygone</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Rally point</source>
   <translation>Point de repli</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Search outwards from it</source>
   <translation>Chercher en s’en éloignant</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>Stand and look at it</source>
   <translation>S’arrêter et regarder</translation>
  </message>
  <message>
   <location filename="../planner/choices.py" />
   <source>The whole border</source>
   <translation>Toute la frontière</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: do not look</source>
   <translation>dessiné : ne pas regarder</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: keep out</source>
   <translation>dessiné : ne pas entrer</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>drawn: stay inside</source>
   <translation>dessiné : rester dedans</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>planned way</source>
   <translation>trajet prévu</translation>
  </message>
  <message>
   <location filename="../planner/layer.py" />
   <source>what the aircraft holds</source>
   <translation>ce que contient l’aéronef</translation>
  </message>
 </context>
 <context>
  <name>replay</name>
  <message>
   <location filename="../replay/words.py" />
   <source>REPLAY</source>
   <translation>RELECTURE</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The replay from {moment} is in a window of its own.</source>
   <translation>La relecture depuis {moment} est dans sa propre fenêtre.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>The station did not run at that time: there is nothing to show.</source>
   <translation>La station ne fonctionnait pas à ce moment : il n'y a rien à montrer.</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no MAVLink recording: aircraft as kept once a second</source>
   <translation>pas d'enregistrement MAVLink : aéronefs tels que gardés chaque seconde</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no age map of that time</source>
   <translation>pas de carte d’âge de cette période</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no recorded video</source>
   <translation>pas de vidéo enregistrée</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>no tracks of the neighbour from that time</source>
   <translation>aucune piste du voisin de cette période</translation>
  </message>
  <message>
   <location filename="../replay/words.py" />
   <source>reading what was kept of that time …</source>
   <translation>lecture de ce qui a été gardé de cette période …</translation>
  </message>
 </context>
 <context>
  <name>report</name>
  <message>
   <location filename="../shift/report.py" />
   <source>Aircraft</source>
   <translation>Aéronef</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Clip</source>
   <translation>Extrait</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Cut so that nobody else is in them.</source>
   <translation>Recadrées pour que personne d'autre n'y figure.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence</source>
   <translation>Preuves</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Evidence package</source>
   <translation>Paquet de preuves</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Flight</source>
   <translation>Vol</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>From</source>
   <translation>Du</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Handover sheet {station}</source>
   <translation>Feuille de relève {station}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident</source>
   <translation>Incident</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Incident report {id}</source>
   <translation>Rapport d'incident {id}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Log book</source>
   <translation>Main courante</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Made by {name} at {station}, {when}.</source>
   <translation>Établi par {name} à {station}, {when}.</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Missing</source>
   <translation>Manque</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>NOT ACKNOWLEDGED</source>
   <translation>NON ACQUITTÉE</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not acknowledged</source>
   <translation>Non acquittées</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Not classified</source>
   <translation>Non classées</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Notes</source>
   <translation>Notes</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Pictures</source>
   <translation>Images</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Probability of the geometry</source>
   <translation>Probabilité de la géométrie</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Raised</source>
   <translation>Déclenchée</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Rule</source>
   <translation>Règle</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of its manifest</source>
   <translation>SHA-256 de son manifeste</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>SHA-256 of the clip</source>
   <translation>SHA-256 de l'extrait</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>STILL WAITING</source>
   <translation>TOUJOURS EN ATTENTE</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Seen, not classified</source>
   <translation>Vues, non classées</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>To</source>
   <translation>Au</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Told as</source>
   <translation>Signalé comme</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Track</source>
   <translation>Piste</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Verdict</source>
   <translation>Classement</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What</source>
   <translation>Quoi</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>What was done</source>
   <translation>Ce qui a été fait</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>When</source>
   <translation>Quand</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>Where (90 % radius)</source>
   <translation>Où (rayon à 90 %)</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>acknowledged by {name}</source>
   <translation>acquittée par {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>escalated: nobody had acknowledged it</source>
   <translation>escaladée : personne ne l'avait acquittée</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>handed to {peer} by {name}</source>
   <translation>remise à {peer} par {name}</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not classified</source>
   <translation>non classée</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>not done</source>
   <translation>pas fait</translation>
  </message>
  <message>
   <location filename="../shift/report.py" />
   <source>{when} by {name}, {took} after it was raised</source>
   <translation>{when} par {name}, {took} après le déclenchement</translation>
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
   <translation>alerte</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>alert: done</source>
   <translation>alerte : fait</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>everything</source>
   <translation>tout</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>flight</source>
   <translation>vol</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 12 hours</source>
   <translation>12 dernières heures</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 24 hours</source>
   <translation>24 dernières heures</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>last 7 days</source>
   <translation>7 derniers jours</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>neighbour</source>
   <translation>voisin</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>order</source>
   <translation>ordre</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>plan</source>
   <translation>plan</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>the report could not be written: {error}</source>
   <translation>le rapport n'a pas pu être écrit : {error}</translation>
  </message>
  <message>
   <location filename="../shift/view.py" />
   <source>written: {page} and {printed}</source>
   <translation>écrit : {page} et {printed}</translation>
  </message>
 </context>
 <context>
  <name>themes</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Dark</source>
   <translation>Sombre</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Light</source>
   <translation>Clair</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <location filename="../menus.py" />
   <source>Night, red</source>
   <translation>Nuit, rouge</translation>
  </message>
 </context>
 <context>
  <name>units</name>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Feet and knots</source>
   <translation>Pieds et nœuds</translation>
  </message>
  <message>
   <location filename="../craft/settings_page.py" />
   <source>Metres and metres per second</source>
   <translation>Mètres et mètres par seconde</translation>
  </message>
 </context>
 <context>
  <name>video</name>
  <message>
   <location filename="../video/snapshot.py" />
   <source>NOT LIVE: {seconds} s old</source>
   <translation>PAS EN DIRECT : {seconds} s</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>as received</source>
   <translation>telle que reçue</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>black hot</source>
   <translation>chaud en noir</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>green</source>
   <translation>vert</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>ironbow</source>
   <translation>arc de fer</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>no KLV</source>
   <translation>pas de KLV</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>no camera pose for this frame</source>
   <translation>pas de pose de caméra pour cette image</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no ground there</source>
   <translation>pas de sol ici</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: no terrain model</source>
   <translation>pas de position : pas de modèle de terrain</translation>
  </message>
  <message>
   <location filename="../video/overlay.py" />
   <source>no position: this frame has no camera pose</source>
   <translation>pas de position : cette image n'a pas de pose de caméra</translation>
  </message>
  <message>
   <location filename="../video/snapshot.py" />
   <source>taken by {name} from the preview, colours as received</source>
   <translation>prise par {name} depuis l'aperçu, couleurs telles que reçues</translation>
  </message>
  <message>
   <location filename="../video/view.py" />
   <source>white hot</source>
   <translation>chaud en blanc</translation>
  </message>
 </context>
 <context>
  <name>views</name>
  <message>
   <location filename="../panels/telemetry.py" />
   <location filename="../views.py" />
   <source>Aircraft</source>
   <translation>Aéronef</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Alerts</source>
   <translation>Alertes</translation>
  </message>
  <message>
   <location filename="../flight/checklist.py" />
   <location filename="../views.py" />
   <source>Before the flight</source>
   <translation>Avant le vol</translation>
  </message>
  <message>
   <location filename="../flight/camera.py" />
   <location filename="../views.py" />
   <source>Camera</source>
   <translation>Caméra</translation>
  </message>
  <message>
   <location filename="../craft/guide.py" />
   <location filename="../views.py" />
   <source>First steps</source>
   <translation>Premiers pas</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Flight</source>
   <translation>Vol</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Keys</source>
   <translation>Touches</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Map</source>
   <translation>Carte</translation>
  </message>
  <message>
   <location filename="../panels/neighbour.py" />
   <location filename="../views.py" />
   <source>Neighbour</source>
   <translation>Voisin</translation>
  </message>
  <message>
   <location filename="../panels/controls.py" />
   <location filename="../views.py" />
   <source>Orders</source>
   <translation>Ordres</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Planner</source>
   <translation>Planification</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Settings</source>
   <translation>Réglages</translation>
  </message>
  <message>
   <location filename="../flight/group.py" />
   <location filename="../views.py" />
   <source>Several aircraft</source>
   <translation>Plusieurs aéronefs</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Shift</source>
   <translation>Service</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>Video</source>
   <translation>Vidéo</translation>
  </message>
  <message>
   <location filename="../views.py" />
   <source>What the station says</source>
   <translation>Ce que dit la station</translation>
  </message>
 </context>
</TS>
