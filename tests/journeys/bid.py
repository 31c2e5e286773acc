"""The bid of the story, in the order of the form: what Dev Malik of Skerne Side Sports would write.

£24,000.00 over twelve months: four instalments of £6,000.00, each in advance, the later ones after a return.
"""

TITLE = "Skerne Side evenings"
WORDS = {
    "Q1": "We will open our hall on three evenings a week for 60 young people who are getting into fights in Darlington.",
    "Q3": "Priority 1. All of them are under 18 and the school or the police have told us that they are at risk.",
    "Q2": "Two schools sent us 31 names last year after fights. The bus station is where it starts, most of all on Fridays.",
    "Q4": "Tuesday, Thursday and Friday from 6pm to 9pm: an hour of sport, an hour of talk, a meal. Two coaches, one worker.",
    "Q5": "The toolkit says that sports programmes help when young people stay with one adult. Ours meet theirs every week.",
    "Q9": "Most of the fights are at the bus station on Friday nights. Our young people will be with us at that time.",
    "Q6": "The schools tell us who needs help. The police team visits each month. The council lends us the hall.",
    "Q10": "Our safeguarding lead is trained to level 3. Everybody has an enhanced check. Forms are locked away.",
    "Q11": "We have run sports sessions for six years, and last year 48 young people came every week.",
    "Q7": "Teachers and youth workers send young people to us. We pay bus fares, and Thursday has an hour for girls only.",
    "Q8": "At the start and at the end each person tells us how safe they feel. We hope that 65 in 100 feel safer.",
    "Q12": "The hall costs us little and coaches give half of their time. Afterwards fees of £1 a session keep it open.",
}
CHOICES = {"priority": "1", "level": "secondary"}
PLACES = ("Darlington: Bank Top", "Darlington: North Road")
ASKED = "24,000.00"
BUDGET = (
    ("Sessional staff", "Coaches and a youth worker", "1000", "hour", "17.50"),
    ("Premises", "Hall", "100", "evening", "40.00"),
    ("Equipment", "Mats, balls and bibs", "1", "set", "1500.00"),
    ("Evaluation", "Feedback forms and their reading", "1", "each", "1000.00"),
)
MILESTONES = (
    ("Coaches checked and trained", "20 6 2026", "Staff list"),
    ("Half of the evenings held", "30 11 2026", "Register"),
)
OUTCOMES = (
    ("DUR-1a", "Young people aged 18 and under starting", "0", "60", "people"),
    ("", "Young people who feel safer at the bus station", "not known yet", "65", "%"),
)
REASONS = {
    "assessor_wren": (4, "The two schools' names show a need that I believe."),
    "assessor_rowan": (3, "Good work, though the partners' part is thin."),
    "assessor_hazel": (5, "This is what my own street would have needed."),
}
DECIDED = "The panel was convinced by the trust that young people have in this club."
CONDITION = "Tell us the dates of your sessions before you begin."
STORY = "A boy who fought every week now helps to set out the mats."
SENT_BACK = "Two more young people are in your register: please count them."
