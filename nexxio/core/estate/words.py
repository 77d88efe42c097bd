"""French words and names that capital letters have stripped of their accents.

Only what has one spelling: MASSE (Masse, Massé) or COTE (cote, côte, côté) stay as they are.
"""

from __future__ import annotations

from nexxio.core.estate.landlords import unaccented

_ACCENTED = """
Abbé Adèle Aimé Alençon Alésia Algérie Allée Allées Amélie André Andrézieux Angélique Arènes
Armaillé Asnières Auréa Baïf Barbanègre Barbès Barthélemy Bartholomé Bâtiment Béarn Bédier Bélière
Bellièvre Bénard Béranger Bergère Bérulle Berzélius Besançon Bessières Bièvre Blériot Boétie
Boissière Bollée Brèche Bréguet Bûcherie Cambacérès Camélias Camulogène Carré Carrière Célestin
Célestins Cévennes Chabrières Chaîne Charbonnière Chardonnière Charrière Château Châteaudun
Châtelet Châtillon Chaussée Chaussées Chauvière Chéret Cité Cîteaux Clément Cloître Cœur Collégiale
Comète Couédic Crémieux Crimée Curé Damrémont Débarcadère Défense Département Déroulède Désir
Désiré Domrémy Doré Dorée Duée Duperré Duployé Éboué Échelle Échiquier Écluses École Écoles Écosse
Écouffes Écuries Édimbourg Édouard Éginhard Église Élie Élisa Élisabeth Éloi Élysée Élysées Émeriau
Émile Émilie Entrepôts Éole Épée Éperon Épinettes Équerre Érard Espérance Estérel État États
Étienne Étoile Étudiants Étuves Eugène Eugénie Évangile Éveillard Évêque Falguière Fécamp
Fédération Félicien Félicité Félix Fénelon Féron Fêtes Fidélité Flânerie Français Française
Franche-Comté Francœur François Françoise Frédéric Frémicourt Fréquel Frère Frères Gaîté Garçons
Général Genève Geneviève Génie Géo Gérando Gérard Géricault Glacière Grâce Grégoire Gué Guénot
Guérin Hébert Hébrard Hégésippe Hélène Héliopolis Hérault Hérold Héron Honoré Hôpital Hôtel Hyères
Île Îlot Îlots Ingénieur Intérieur Isère Jaurès Jérôme Jonquière Kléber Lacépède Ladoumègue Laënnec
Lamandé Lamoricière Lançon Léandre Léger Légion Legouvé Léman Léo Léon Léonard Léonie Léopold
Liberté Liège Lumière Lunéville Lycée Mâcon Maître Maraîchers Marché Maréchal Masséna Méchain
Médard Médecine Médéric Mélingue Ménilmontant Mercœur Méricourt Méry Métairie Mézières Millénaire
Molière Montibœufs Moréas Morère Mouzaïa Mûriers Musée Napoléon Nélaton Nicolaï Nîmes Noël Opéra
Orfèvres Orléans Panthéon Pavée Péclet Péguy Pélée Pépinière Père Périchaux Périgord Pétion
Pétrarque Pixérécourt Plâtre Plâtrières Poincaré Poirée Poissonnière Pôle Pré Prêcheurs Prêtre
Prévôt Prévoyance Prieuré Prolongée Pyrénées Québec Rançon Râpée Réaumur Rébeval Rebière Récamier
Récollets Région Rémusat René Renée République Résidence Résistance Réunion Rhône Rivière Sablière
Sacré Saïda Santé Sébastien Sébastopol Secrétan Séguier Ségur Sénat Sénégal Sérurier Séverine
Sévigné Sèvres Sèze Sœur Sœurs Solidarité Stéphane Suède Télégraphe Théâtre Théodore Théophile
Théophraste Thérèse Tholozé Traversière Trésor Trétaigne Trévise Troènes Université Uzès Vallée
Vendée Vénétie Vercingétorix Vérité Véron Vésale Vézelay Viète Vigée Vouillé Voûte
"""

ACCENTED = {unaccented(word).upper(): word for word in _ACCENTED.split()}
"""Capital spelling without accents → the word as it is written."""

SHORTENED = {
    "BD": "boulevard",
    "AV": "avenue",
    "FG": "Faubourg",
    "FBG": "Faubourg",
    "PTE": "Porte",
    "ST": "Saint",
    "STE": "Sainte",
    "DR": "Docteur",
    "GAL": "Général",
    "CDT": "Commandant",
}

LINKING = frozenset(
    "AU AUX D DE DES DU EN ET L LA LE LES LÈS OU PAR POUR SOUS SUR".split()  # noqa: SIM905
)
"""Written small inside a name."""

ACRONYMS = frozenset(
    "APHP CIUP CPCU EHPAD FAM II III IV IX PNE VI VII VIII XI XII XIII XIV XV XVI ZAC".split()  # noqa: SIM905
)
"""Keep their capitals; so does every word without vowel (HLM, SNCF)."""
