"""Who takes part: two councils, their partners, and the named people who ask.

The first person of a role is the one whose token `lookup demo token ROLE` prints.
"""

from __future__ import annotations

from lookup.model import Agency, AgencyKind, Authority, Practitioner, Role

FIFTEEN_MINUTES = 15 * 60
TWENTY_SIX_HOURS = 26 * 60 * 60

HARROW_GREEN = Authority("HGC", "Harrow Green Council", "020 7946 0001", "020 7946 0002", FIFTEEN_MINUTES)
FENWICK = Authority("FWC", "Fenwick Council", "01632 960001", "01632 960002", TWENTY_SIX_HOURS)
AUTHORITIES = (HARROW_GREEN, FENWICK)

NORTH_GREEN = Agency("RHG1", "North Green Hospital", AgencyKind.HOSPITAL, "HGC")
SAINT_OSYTH = Agency("RHG2", "Saint Osyth Hospital", AgencyKind.HOSPITAL, "HGC")
TIDEWELL = Agency("PG001", "Tidewell Practice", AgencyKind.GP_PRACTICE, "HGC")
LARK_LANE = Agency("PG002", "Lark Lane Surgery", AgencyKind.GP_PRACTICE, "HGC")
BROOK_STREET = Agency("PG003", "Brook Street Surgery", AgencyKind.GP_PRACTICE, "HGC")
OLD_MILL = Agency("PG004", "Old Mill Practice", AgencyKind.GP_PRACTICE, "HGC")
POLICE = Agency("PLG", "Northern Metropolitan Police", AgencyKind.POLICE, "HGC")
HARROW_GREEN_COUNCIL = Agency("HGC", "Harrow Green Council", AgencyKind.COUNCIL, "HGC")
FENWICK_COUNCIL = Agency("FWC", "Fenwick Council", AgencyKind.COUNCIL, "FWC")
HOUSING = Agency("HHG", "Harrow Green Housing", AgencyKind.HOUSING, "HGC")
PARTNERSHIP = Agency("OVG", "Harrow Green Safeguarding Partnership", AgencyKind.OVERSIGHT, "HGC")

PRACTICES = (TIDEWELL, LARK_LANE, BROOK_STREET, OLD_MILL)
AGENCIES = (
    NORTH_GREEN,
    SAINT_OSYTH,
    *PRACTICES,
    POLICE,
    HARROW_GREEN_COUNCIL,
    FENWICK_COUNCIL,
    HOUSING,
    PARTNERSHIP,
)
PRACTICE_DISTRICTS = {"PG001": "ZH1", "PG002": "ZH2", "PG003": "ZH3", "PG004": "ZH4"}

PRACTITIONERS = (
    Practitioner("amara.okafor", "Amara Okafor", Role.TRIAGE_NURSE, NORTH_GREEN, "rhg1-triage-1"),
    Practitioner("siobhan.keane", "Siobhan Keane", Role.TRIAGE_NURSE, SAINT_OSYTH, "rhg2-triage-1"),
    Practitioner("marcus.tully", "Marcus Tully", Role.TRIAGE_NURSE, NORTH_GREEN, "rhg1-triage-2"),
    Practitioner("daniel.osei", "Dr Daniel Osei", Role.CLINICIAN, NORTH_GREEN, "rhg1-majors-3"),
    Practitioner("priya.raman", "Dr Priya Raman", Role.CLINICIAN, SAINT_OSYTH, "rhg2-paediatrics-1"),
    Practitioner("helen.marsh", "Dr Helen Marsh", Role.GP, TIDEWELL, "pg001-room-2"),
    Practitioner("tariq.mehmood", "Dr Tariq Mehmood", Role.GP, LARK_LANE, "pg002-room-1"),
    Practitioner("joanna.zielinska", "Dr Joanna Zielinska", Role.GP, BROOK_STREET, "pg003-room-4"),
    Practitioner("kwabena.amoah", "Dr Kwabena Amoah", Role.GP, OLD_MILL, "pg004-room-1"),
    Practitioner("bernadette.lowe", "Bernadette Lowe", Role.PRACTICE_NURSE, TIDEWELL, "pg001-treatment-room"),
    Practitioner("nasra.warsame", "Nasra Warsame", Role.PRACTICE_NURSE, BROOK_STREET, "pg003-treatment-room"),
    Practitioner("owen.pritchard", "PC Owen Pritchard", Role.POLICE_OFFICER, POLICE, "plg-mobile-4417"),
    Practitioner("yvette.grant", "DS Yvette Grant", Role.POLICE_OFFICER, POLICE, "plg-child-abuse-team-2"),
    Practitioner("ruth.adjei", "Ruth Adjei", Role.SOCIAL_WORKER, HARROW_GREEN_COUNCIL, "hgc-casework"),
    Practitioner("leyla.demir", "Leyla Demir", Role.SOCIAL_WORKER, HARROW_GREEN_COUNCIL, "hgc-casework"),
    Practitioner("graham.holt", "Graham Holt", Role.SOCIAL_WORKER, FENWICK_COUNCIL, "fwc-casework"),
    Practitioner("denise.farrow", "Denise Farrow", Role.HOUSING_OFFICER, HOUSING, "hhg-lettings-3"),
    Practitioner("miriam.cole", "Miriam Cole", Role.SAFEGUARDING_LEAD, NORTH_GREEN, "rhg1-safeguarding"),
    Practitioner("anthony.reyes", "Anthony Reyes", Role.SAFEGUARDING_LEAD, SAINT_OSYTH, "rhg2-safeguarding"),
    Practitioner("claire.donnelly", "DI Claire Donnelly", Role.SAFEGUARDING_LEAD, POLICE, "plg-public-protection"),
    Practitioner("farida.hoque", "Farida Hoque", Role.SAFEGUARDING_LEAD, TIDEWELL, "pg001-safeguarding"),
    Practitioner("stephen.abara", "Stephen Abara", Role.SAFEGUARDING_LEAD, PARTNERSHIP, "ovg-office"),
    Practitioner("judith.elms", "Judith Elms", Role.AUDITOR, PARTNERSHIP, "ovg-audit-room"),
    Practitioner("colin.varley", "Colin Varley", Role.ACCOUNT_ADMINISTRATOR, PARTNERSHIP, "ovg-accounts"),
    Practitioner("samira.naqvi", "Samira Naqvi", Role.OPERATOR, HARROW_GREEN_COUNCIL, "hgc-operations"),
)
