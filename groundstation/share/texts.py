"""What the codes between two stations mean, in the languages of both: en, de, fr, pl, es.

Codes travel, words do not: each side reads a report in its own language, and both know that it is the same report.
"""

from __future__ import annotations

LANGUAGES = ("en", "de", "fr", "pl", "es")

REASONS = (
    "false_alarm",
    "wrong_class",
    "wrong_place",
    "own_force",
    "rescue_over",
    "no_basis",
    "data_protection",
    "test",
)
"""Why something is corrected, withdrawn or to be erased."""

_TEXTS: dict[str, tuple[str, str, str, str, str]] = {
    "person": ("person", "Person", "personne", "osoba", "persona"),
    "vehicle": ("vehicle", "Fahrzeug", "véhicule", "pojazd", "vehículo"),
    "two-wheeler": ("two-wheeler", "Zweirad", "deux-roues", "jednoślad", "vehículo de dos ruedas"),
    "crossing": ("border crossing", "Grenzübertritt", "franchissement de la frontière", "przekroczenie granicy",
                 "cruce de la frontera"),
    "approach": ("approach to the border", "Annäherung an die Grenze", "approche de la frontière",
                 "zbliżanie się do granicy", "aproximación a la frontera"),
    "loitering": ("loitering", "längerer Aufenthalt", "présence prolongée", "długie przebywanie",
                  "permanencia prolongada"),
    "group": ("group", "Gruppe", "groupe", "grupa", "grupo"),
    "vehicle_stopped": ("vehicle stopped", "Fahrzeug hält", "véhicule à l'arrêt", "pojazd zatrzymany",
                        "vehículo detenido"),
    "person_down": ("person on the ground, may need help", "Person am Boden, braucht vielleicht Hilfe",
                    "personne au sol, peut avoir besoin d'aide", "osoba leży, może potrzebować pomocy",
                    "persona en el suelo, puede necesitar ayuda"),
    "left_area": ("left the shared area", "hat das gemeinsame Gebiet verlassen", "a quitté la zone partagée",
                  "opuścił wspólny obszar", "salió de la zona compartida"),
    "ended": ("track ended", "Verfolgung beendet", "piste terminée", "śledzenie zakończone", "seguimiento terminado"),
    "false_alarm": ("false alarm", "Fehlalarm", "fausse alerte", "fałszywy alarm", "falsa alarma"),
    "wrong_class": ("was something else", "war etwas anderes", "était autre chose", "było czymś innym",
                    "era otra cosa"),
    "wrong_place": ("place was wrong", "Ort war falsch", "lieu erroné", "błędne miejsce", "lugar erróneo"),
    "own_force": ("own forces", "eigene Kräfte", "forces propres", "siły własne", "fuerzas propias"),
    "rescue_over": ("rescue is over", "Rettung beendet", "sauvetage terminé", "akcja ratunkowa zakończona",
                    "rescate terminado"),
    "no_basis": ("no legal basis", "keine Rechtsgrundlage", "sans base légale", "brak podstawy prawnej",
                 "sin base jurídica"),
    "data_protection": ("data protection request", "Ersuchen des Datenschutzes",
                        "demande de protection des données", "wniosek o ochronę danych",
                        "solicitud de protección de datos"),
    "test": ("test", "Test", "essai", "test", "prueba"),
    "yes": ("yes, there is something", "ja, da ist etwas", "oui, il y a quelque chose", "tak, coś tam jest",
            "sí, hay algo"),
    "no": ("nothing that our agreement covers", "nichts, was unsere Vereinbarung umfasst",
           "rien que notre accord ne couvre", "nic, co obejmuje nasze porozumienie",
           "nada que cubra nuestro acuerdo"),
    "ask_duty_officer": ("ask our duty officer", "fragen Sie unseren Diensthabenden",
                         "adressez-vous à notre officier de permanence", "zapytaj naszego oficera dyżurnego",
                         "pregunte a nuestro oficial de guardia"),
    "declined": ("no answer is given", "es wird keine Auskunft gegeben", "pas de réponse", "odmowa odpowiedzi",
                 "no se da respuesta"),
    "offered": ("lead is offered", "Führung wird angeboten", "la conduite est proposée", "proponowane przejęcie",
                "se ofrece el mando"),
    "accepted": ("accepted", "angenommen", "accepté", "przyjęto", "aceptado"),
    "timeout": ("no answer in time, the lead stays", "keine Antwort, die Führung bleibt",
                "sans réponse, la conduite ne change pas", "brak odpowiedzi, prowadzenie bez zmian",
                "sin respuesta, el mando no cambia"),
    "gained": ("this station leads now", "diese Station führt jetzt", "cette station conduit désormais",
               "ta stacja teraz prowadzi", "esta estación tiene ahora el mando"),
    "handed_over": ("handed over, not confirmed", "übergeben, nicht bestätigt", "transmis, non confirmé",
                    "przekazano, niepotwierdzone", "transferido, sin confirmar"),
    "confirmed": ("handover confirmed", "Übergabe bestätigt", "transmission confirmée", "przekazanie potwierdzone",
                  "transferencia confirmada"),
    "cease": ("cease: the neighbour demands it", "einstellen: der Nachbar verlangt es", "cessez : le voisin l'exige",
              "przerwać: żąda tego sąsiad", "cesar: lo exige el vecino"),
    "seen": ("seen by their operator", "von deren Bediener gesehen", "vu par leur opérateur",
             "widziane przez ich operatora", "visto por su operador"),
    "stored": ("stored there", "dort gespeichert", "enregistré chez eux", "zapisane u nich", "almacenado allí"),
    "unseen": ("stored there, nobody has looked at it for a minute", "dort gespeichert, seit einer Minute nicht angesehen",
               "enregistré chez eux, personne ne l'a regardé depuis une minute",
               "zapisane u nich, od minuty nikt nie obejrzał", "almacenado allí, nadie lo ha mirado en un minuto"),
    "linked": ("belongs together with", "gehört zusammen mit", "est lié à", "jest powiązane z", "está vinculado con"),
    "erased_proved": ("erased there, proved", "dort gelöscht, nachgewiesen", "effacé chez eux, prouvé",
                      "usunięte tam, udowodnione", "borrado allí, probado"),
    "erased_not_comparable": ("erased there, the proof cannot be compared here any more",
                              "dort gelöscht, der Nachweis ist hier nicht mehr vergleichbar",
                              "effacé chez eux, preuve plus comparable ici",
                              "usunięte tam, dowodu nie można tu już porównać",
                              "borrado allí, la prueba ya no se puede comparar aquí"),
    "pair_agree": ("their officer: the same as our track", "deren Beamter: dasselbe wie unsere Spur",
                   "leur officier : identique à notre piste", "ich oficer: to samo co nasz ślad",
                   "su oficial: es lo mismo que nuestra traza"),
    "pair_disagree": ("their officer: not the same as our track", "deren Beamter: nicht dasselbe wie unsere Spur",
                      "leur officier : différent de notre piste", "ich oficer: to nie jest nasz ślad",
                      "su oficial: no es lo mismo que nuestra traza"),
    "volumes": ("where their aircraft may be, anew", "neu: wo deren Drohnen sein können",
                "mise à jour : où leurs aéronefs peuvent se trouver", "nowe: gdzie mogą być ich statki",
                "nuevo: dónde pueden estar sus aeronaves"),
    "BorderMonitoring": ("border monitoring", "Grenzüberwachung", "surveillance des frontières",
                         "monitorowanie granicy", "vigilancia de fronteras"),
    "BorderOperation": ("border operation", "Grenzeinsatz", "opération aux frontières", "operacja graniczna",
                        "operación fronteriza"),
    "SAR": ("search and rescue", "Suche und Rettung", "recherche et sauvetage", "poszukiwanie i ratownictwo",
            "búsqueda y salvamento"),
    "LawEnforcementOperation": ("law enforcement operation", "Polizeieinsatz", "opération de police",
                                "operacja policyjna", "operación policial"),
    "NonSpecified": ("not specified", "nicht angegeben", "non précisé", "nieokreślone", "no especificado"),
}  # fmt: skip


def text(code: str, language: str) -> str:
    """The words for a code; the code itself where it is not known, so that nothing is hidden. English for a language
    that is not here."""
    words = _TEXTS.get(code)
    if words is None:
        return code
    return words[LANGUAGES.index(language) if language in LANGUAGES else 0]


def both(code: str, own: str, theirs: str) -> str:
    """Both sides' words, ours first: for a report that two officers read together."""
    first, second = text(code, own), text(code, theirs)
    return first if first == second else f"{first} / {second}"


def codes() -> tuple[str, ...]:
    """All codes that have words."""
    return tuple(_TEXTS)
