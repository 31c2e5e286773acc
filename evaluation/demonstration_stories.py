"""Stories of the demonstration, each fitting its project. All made up: nobody is named, and ages are bands."""

BY_PROJECT = {
    "Marra to Marra": "A boy in his mid teens was fighting most weeks. He and his mentor now walk the dog on Tuesdays and talk. He has not been in trouble since May.",
    "Ringside": "A young man, 18 to 24, came to hit things. He stayed to hold the pads for the younger ones, and he has his first coaching badge.",
    "Steady": "A man aged 25 to 34 used to leave the house with a knife. By week nine he could name the moment before it goes wrong, and walk away from it.",
    "Out on the prom": "Two girls, 13 to 15, met our workers on the sea front on three Fridays before they said a word. Now they plan the summer evenings with us.",
    "Turning Point": "A man in his thirties wrote down what his children had heard through the wall. He says it was the first time that he did not blame somebody else.",
    "Last Bus": "A lad, 16 to 17, used to wait two hours at a dark stop. He says the lift home is when he talks, because nobody looks at him.",
    "Mending": "A young woman, 16 to 17, had not slept through since she was hurt. After eleven sessions she sleeps, and she went back to college in September.",
    "Gloves and Graft": "A young man, 18 to 24, turned up in work boots and said he would stay ten minutes. He boxed all winter and has begun to learn bricklaying.",
    "Safe Hands": "A woman in her forties rang us at six in the morning, because she had our number under the bread bin. She and her children are safe and near her sister.",
    "Make It Right": "Two boys, 13 to 15, sat in one room after six months of threats. One said sorry, the other asked him why. They share a bus again.",
}
OTHERS = (
    "A mother told us that her daughter, in her mid teens, goes out again on Friday evenings because she knows who to ring.",
    "Two girls, 11 to 12, came because they had nowhere to go. They now run the snack bar and show the new ones round.",
    "A man aged 25 to 34 handed in what he used to carry. He says that it was easier to be asked by somebody from his own street.",
)


def story_for(title: str, number: int) -> str:
    """The story of the project with this title; for another project one of the others, in turn."""
    return BY_PROJECT.get(title.split(":")[0].strip()) or OTHERS[number % len(OTHERS)]
