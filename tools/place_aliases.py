"""Names of countries and of their first-level parts that CLDR has not, or has in a longer form."""

COUNTRIES = {
    "US": "USA|U.S.A.|U.S.|United States of America|The United States|America|Estados Unidos de América|EUA|EE. UU."
    "|EEUU"
    "|Stati Uniti d'America|Vereinigte Staaten von Amerika|États-Unis d'Amérique|Estados Unidos da América|ABD|Amerika"
    "|США|امريكا|الولايات المتحدة الأمريكية",
    "GB": "UK|U.K.|United Kingdom|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Inglaterra|Angleterre"
    "|Inghilterra|Großbritannien|Gran Bretaña|Grande-Bretagne|Inggris|İngiltere|Англия|Великобритания|بريطانيا|انجلترا"
    "|Schottland|Escocia|Écosse",
    "AE": "UAE|U.A.E.|Emirates|الإمارات|الامارات العربية",
    "SA": "KSA|Saudi|السعودية|المملكة العربية السعودية|Arab Saudi",
    "KR": "South Korea|Korea|Republic of Korea|Corea del Sur|Coreia do Sul|Corée du Sud|Südkorea",
    "KP": "North Korea",
    "CI": "Ivory Coast|Costa de Marfil|Cote d'Ivoire",
    "CZ": "Czech Republic|Czechia|República Checa|Tschechische Republik|République tchèque",
    "MM": "Burma|Myanmar|Birmania",
    "MK": "Macedonia|FYROM|Republic of Macedonia",
    "SZ": "Swaziland",
    "PS": "Palestine|Palestinian Territory|State of Palestine|Gaza|West Bank|فلسطين|غزة|Palestina|Filistin",
    "RU": "Russia|Russian Federation|Российская Федерация",
    "SY": "Syria|Syrian Arab Republic",
    "VN": "Vietnam|Viet Nam",
    "CD": "DR Congo|Democratic Republic of the Congo|DRC|République démocratique du Congo|RDC",
    "CG": "Republic of the Congo|Congo-Brazzaville",
    "NL": "Holland|The Netherlands|Holanda|Olanda|هولندا",
    "DE": "Deutschland|Allemagne|Germany",
    "BR": "Brasil",
    "IR": "Iran|Islamic Republic of Iran|Persia",
    "LA": "Laos",
    "MD": "Moldova|Republic of Moldova",
    "TZ": "Tanzania|United Republic of Tanzania",
    "BO": "Bolivia|Plurinational State of Bolivia",
    "VE": "Venezuela|Bolivarian Republic of Venezuela",
    "TW": "Taiwan|Taiwan, Province of China",
    "HK": "Hong Kong",
    "MO": "Macau|Macao",
    "BN": "Brunei|Brunei Darussalam",
    "CV": "Cape Verde",
    "TL": "East Timor",
    "VA": "Vatican|Vatican City",
    "TR": "Turkey|Türkiye|Turkei",
    "EG": "Egypt|مصر|Masr|جمهورية مصر العربية",
    "KW": "الكويت|Kuwait",
    "MX": "México|Mexico|Méjico",
    "BA": "Bosnia|Bosnia and Herzegovina|Bosna i Hercegovina|Bosna",
    "IE": "Ireland|Republic of Ireland|Éire",
    "LY": "Libya|Libyan Arab Jamahiriya",
    "PH": "Pilipinas|The Philippines",
    "GM": "The Gambia",
    "BS": "The Bahamas",
}

# First-level parts whose name means that country wherever it stands last ("Paris, Texas").
PARTS = {
    "US": "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois"
    "|Indiana"
    "|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana"
    "|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon"
    "|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington"
    "|West Virginia|Wisconsin|Wyoming|District of Columbia|Washington, D.C.|Washington D.C.",
    "CA": "Ontario|Quebec|Québec|British Columbia|Alberta|Manitoba|Saskatchewan|Nova Scotia|New Brunswick"
    "|Newfoundland and Labrador|Prince Edward Island|Yukon|Nunavut|Northwest Territories",
    "AU": "New South Wales|Victoria, Australia|Queensland|South Australia|Western Australia|Tasmania|Northern Territory"
    "|Australian Capital Territory",
    "IN": "Andhra Pradesh|Arunachal Pradesh|Assam|Bihar|Chhattisgarh|Goa|Gujarat|Haryana|Himachal Pradesh|Jharkhand"
    "|Karnataka|Kerala|Madhya Pradesh|Maharashtra|Manipur|Meghalaya|Mizoram|Nagaland|Odisha|Orissa|Rajasthan|Sikkim"
    "|Tamil Nadu|Telangana|Tripura|Uttar Pradesh|Uttarakhand|West Bengal|Jammu and Kashmir",
    "PK": "Sindh|Balochistan|Khyber Pakhtunkhwa|Azad Kashmir",
    "BR": "São Paulo|Rio de Janeiro|Minas Gerais|Bahia|Paraná|Rio Grande do Sul|Pernambuco|Ceará|Santa Catarina|Goiás"
    "|Maranhão|Mato Grosso|Mato Grosso do Sul|Espírito Santo|Paraíba|Rio Grande do Norte|Alagoas|Piauí|Sergipe|Rondônia"
    "|Tocantins|Distrito Federal",
    "MX": "Jalisco|Nuevo León|Chihuahua|Sonora|Sinaloa|Tamaulipas|Guanajuato|Michoacán|Oaxaca|Chiapas|Veracruz|Yucatán"
    "|Quintana Roo|Baja California|Baja California Sur|Coahuila|Estado de México|Puebla|Querétaro|Tabasco|Morelos",
    "ID": "Jawa Barat|Jawa Tengah|Jawa Timur|Sumatera Utara|Sumatera Barat|Sumatera Selatan|Sulawesi Selatan|Banten"
    "|East Java|West Java|Central Java|Bali|Aceh",
    "PH": "Calabarzon|Cebu|Davao Region|Western Visayas|Central Visayas|Bicol Region",
    "DE": "Nordrhein-Westfalen|Bayern|Bavaria|Baden-Württemberg|Niedersachsen|Hessen|Sachsen|Rheinland-Pfalz"
    "|Schleswig-Holstein|Brandenburg|Sachsen-Anhalt|Thüringen|Mecklenburg-Vorpommern|Saarland",
    "IT": "Lombardia|Lazio|Campania|Sicilia|Sicily|Veneto|Piemonte|Emilia-Romagna|Toscana|Puglia|Calabria|Sardegna"
    "|Liguria|Abruzzo|Umbria|Basilicata|Molise|Friuli-Venezia Giulia|Trentino-Alto Adige|Valle d'Aosta",
    "ES": "Andalucía|Andalusia|Cataluña|Catalonia|Catalunya|Comunidad de Madrid|Comunidad Valenciana|Galicia"
    "|Castilla y León"
    "|Castilla-La Mancha|País Vasco|Canarias|Murcia|Extremadura|Islas Baleares|Cantabria",
    "FR": "Île-de-France|Rhône-Alpes|Provence-Alpes-Côte d'Azur|Nouvelle-Aquitaine|Occitanie|Bretagne|Normandie|Alsace"
    "|Lorraine|Picardie|Hauts-de-France|Pays de la Loire|Auvergne-Rhône-Alpes",
}
