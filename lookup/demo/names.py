"""Names as a London borough has them: many communities, some names far commoner than others.

The first names of a list are the commonest. Whoever bears one is invented; a real person of the same name is chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from lookup.model import PersonName

BornAs = Literal["female", "male"]
STEEPNESS = 0.6  # how much commoner a list's first name is than its last: rank to the power of minus this


@dataclass(frozen=True, slots=True)
class Community:
    """Given and family names that go together; `share` is out of the sum of all shares."""

    share: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]

    def given_name(self, rng: Random, sex: BornAs) -> str:
        return _by_rank(rng, self.girls if sex == "female" else self.boys)

    def family_name(self, rng: Random) -> str:
        return _by_rank(rng, self.families)


def _by_rank(rng: Random, names: tuple[str, ...]) -> str:
    return rng.choices(names, [rank**-STEEPNESS for rank in range(1, len(names) + 1)])[0]


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is written as one; an underscore stands for a space within a name."""
    return tuple(word.replace("_", " ") for word in text.split())


def _community(share: int, girls: str, boys: str, families: str) -> Community:
    return Community(share, words(girls), words(boys), words(families))


BRITISH = _community(
    26,
    "Amelia Olivia Grace Ruby Evie Emily Ella Chloe Lily Sophie Jessica Charlotte Freya Poppy Daisy Megan Holly Millie "
    "Rosie Abigail Phoebe Zoë Imogen Matilda Harriet Bethany Martha Beatrix Tilly-Mae",
    "Jack Oliver Harry Charlie Thomas George Alfie James William Joshua Samuel Archie Jake Callum Lewis Freddie Toby "
    "Harvey Reece Kieran Stanley Dexter Rory Tyler Billy Kai Jude Rowan Bobby-Lee",
    "Smith Jones Taylor Brown Williams Johnson Davies Evans Wilson Walker White Green Hall Clarke Baker Turner Cooper "
    "Ward Bailey Marshall Webb Palmer Fletcher Hawkins Barker Pearce Whitlock Ashdown Tuffnell Greenhalgh Smith-Barlow",
)
CARIBBEAN = _community(
    11,
    "Shanice Aaliyah Kezia Tiana Jada Naomi Renée Chantelle Danielle Keisha Tamara Shanelle Nevaeh Zahra-Mae",
    "Jayden Malachi Tyrone Marlon Isaiah Dwayne Kemar Tre Jerome Romario Nathan Leon Curtis Zion",
    "Campbell Brown Francis Grant Thompson Morgan Bennett Reid Henry Gordon Lawrence Blake McKenzie Ffrench Baptiste",
)
TURKISH = _community(
    11,
    "Zeynep Elif Ayşe Defne Ecrin Melek Yasemin Fatma Nehir Hazal Berfin Dilan Gül Sibel",
    "Yusuf Mustafa Emir Mehmet Kerem Ali Deniz Berat Can Serhat Azad Baran Ömer Hüseyin",
    "Yilmaz Kaya Demir Şahin Çelik Öztürk Arslan Doğan Kılıç Aslan Polat Güneş Korkmaz Tekin Erdoğan Yildirim",
)
NIGERIAN = _community(
    9,
    "Temiloluwa Chiamaka Adaeze Ife Funmilayo Blessing Amaka Simisola Ngozi Zainab Favour Oluwaseun Kehinde",
    "David Daniel Oluwaseyi Chidi Emmanuel Tobi Ayomide Ikenna Obinna Femi Babatunde Samuel Taiwo Chukwuemeka",
    "Adeyemi Okafor Ogunleye Eze Balogun Okonkwo Adebayo Nwosu Afolabi Obi Olawale Bello Onyekachi Akinwande",
)
SOMALI = _community(
    9,
    "Fatima Hodan Amina Ayaan Sahra Hibo Ifrah Maryan Khadija Nasteho Sagal Ilhan Ubah",
    "Mohamed Abdi Ahmed Hassan Abdirahman Liban Yusuf Khalid Bilal Mahad Zakariye Guled Ismail",
    "Ali Mohamed Hassan Abdi Ahmed Omar Hussein Warsame Farah Jama Yusuf Nur Abdullahi Gedi Dirie",
)
GHANAIAN = _community(
    7,
    "Ama Abena Akosua Efua Adwoa Nana Esi Gifty Maame Priscilla Yaa Serwaa",
    "Kwame Kofi Kwabena Kojo Yaw Nana Michael Ebenezer Kwaku Prince Fiifi Nathaniel",
    "Mensah Owusu Boateng Asante Osei Appiah Agyeman Addo Antwi Amoah Quaye Darko Ofori Sarpong",
)
POLISH = _community(
    8,
    "Zuzanna Julia Maja Oliwia Wiktoria Natalia Hanna Aleksandra Kinga Łucja Gabriela Nikola",
    "Jakub Filip Szymon Oskar Kacper Mateusz Michał Wojciech Antoni Bartosz Łukasz Igor",
    "Nowak Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Mazur Krawczyk Piotrowski Grabowski",
)
BANGLADESHI = _community(
    6,
    "Nusrat Tahmina Maryam Ayesha Sumaiya Fahmida Raisa Jannat Taslima Shahida Anika",
    "Mohammed Rayhan Tanvir Imran Ibrahim Mahfuz Sajid Ridwan Nayeem Abdul Shafiq",
    "Begum Miah Ahmed Islam Hussain Uddin Choudhury Khatun Rahman Ali Hoque Alam Sarkar",
)
PAKISTANI = _community(
    4,
    "Aisha Fatima Zara Hafsa Iqra Maham Sana Noor Zainab Alishba Laiba",
    "Muhammad Hamza Bilal Usman Zayn Ibrahim Adeel Haris Faizan Saad Danyal",
    "Khan Ahmed Hussain Malik Iqbal Akhtar Shah Mahmood Mirza Bashir Qureshi Chaudhry",
)
LATIN_AMERICAN = _community(
    5,
    "Valentina Camila Isabella Luciana Sofía Daniela Mariana Ximena Juliana Beatriz",
    "Santiago Mateo Sebastián Thiago Juan_Pablo Nicolás Andrés Felipe João Emiliano",
    "García Rodríguez Gómez López Martínez Hernández Silva Ramírez Vargas dos_Santos Castaño Quispe",
)
IRISH = _community(
    5,
    "Aoife Saoirse Niamh Ciara Róisín Caoimhe Orla Bridget Siobhán Margaret-Ann",
    "Conor Patrick Finn Declan Cian Liam Darragh Eoin Michael Paddy",
    "O'Brien Murphy Kelly Doyle Ryan O'Connor McCarthy Byrne Connors Ward McDonagh Gallagher",
)
EAST_EUROPEAN = _community(
    4,
    "Andreea Elena Ioana Raluca Viktoria Desislava Mihaela Bianca",
    "Andrei Stefan Ionuț Alexandru Georgi Nikolay Rareș Dimitar",
    "Popescu Ionescu Dumitru Georgiev Ivanov Petrov Stan Radu Dimitrova Constantin",
)
EAST_AFRICAN = _community(
    3,
    "Selam Bethlehem Rahel Hiwot Tsion Meron Salam Winta",
    "Dawit Yonas Natnael Samuel Filmon Abel Robel Henok",
    "Tesfaye Haile Gebre Tekle Kidane Berhane Woldu Mengistu",
)
EAST_ASIAN = _community(
    2,
    "Mei Linh Xinyi Thảo Jia Mai Wing-Yan",
    "Minh Hao Jun Đức Wei Ka-Ho Anh",
    "Nguyễn Chen Trần Wong Li Lê Cheung Phạm",
)

COMMUNITIES = (
    BRITISH,
    CARIBBEAN,
    TURKISH,
    NIGERIAN,
    SOMALI,
    GHANAIAN,
    POLISH,
    BANGLADESHI,
    PAKISTANI,
    LATIN_AMERICAN,
    IRISH,
    EAST_EUROPEAN,
    EAST_AFRICAN,
    EAST_ASIAN,
)

# Kept for the children of `lookup demo plan`, so that nobody in the borough bears them.
RESERVED_FAMILIES = words("Merriweather Castellane Ostrowicz Bamgbade Varghese Lindqvist Adjaye Tavener Kocabaş")


def draw_community(rng: Random) -> Community:
    """One community, as often as it is met in the borough."""
    return rng.choices(COMMUNITIES, [community.share for community in COMMUNITIES])[0]


def draw_name(rng: Random) -> tuple[PersonName, BornAs]:
    """The name of any one person, and the sex that it goes with."""
    community, sex = draw_community(rng), draw_sex(rng)
    return PersonName(family_name=community.family_name(rng), given_name=community.given_name(rng, sex)), sex


def draw_sex(rng: Random) -> BornAs:
    return "female" if rng.random() < 0.49 else "male"
