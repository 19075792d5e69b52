#include "lib/country.h"

#include "lib/die.h"
#include "lib/fold.h"
#include "lib/nearest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
/* ISO 3166-1, in the order of the first code; the name is the everyday one. */
static const struct country {
	char iso2[3], iso3[4];
	const char *name;
} countries[] = {
	{"AD", "AND", "Andorra"}, {"AE", "ARE", "United Arab Emirates"},
	{"AF", "AFG", "Afghanistan"}, {"AG", "ATG", "Antigua and Barbuda"},
	{"AI", "AIA", "Anguilla"}, {"AL", "ALB", "Albania"}, {"AM", "ARM", "Armenia"},
	{"AO", "AGO", "Angola"}, {"AQ", "ATA", "Antarctica"}, {"AR", "ARG", "Argentina"},
	{"AS", "ASM", "American Samoa"}, {"AT", "AUT", "Austria"}, {"AU", "AUS", "Australia"},
	{"AW", "ABW", "Aruba"}, {"AX", "ALA", "Åland Islands"}, {"AZ", "AZE", "Azerbaijan"},
	{"BA", "BIH", "Bosnia and Herzegovina"}, {"BB", "BRB", "Barbados"},
	{"BD", "BGD", "Bangladesh"}, {"BE", "BEL", "Belgium"}, {"BF", "BFA", "Burkina Faso"},
	{"BG", "BGR", "Bulgaria"}, {"BH", "BHR", "Bahrain"}, {"BI", "BDI", "Burundi"},
	{"BJ", "BEN", "Benin"}, {"BL", "BLM", "Saint Barthélemy"}, {"BM", "BMU", "Bermuda"},
	{"BN", "BRN", "Brunei"}, {"BO", "BOL", "Bolivia"},
	{"BQ", "BES", "Bonaire, Sint Eustatius and Saba"}, {"BR", "BRA", "Brazil"},
	{"BS", "BHS", "Bahamas"}, {"BT", "BTN", "Bhutan"}, {"BV", "BVT", "Bouvet Island"},
	{"BW", "BWA", "Botswana"}, {"BY", "BLR", "Belarus"}, {"BZ", "BLZ", "Belize"},
	{"CA", "CAN", "Canada"}, {"CC", "CCK", "Cocos (Keeling) Islands"},
	{"CD", "COD", "Congo, Democratic Republic of the"},
	{"CF", "CAF", "Central African Republic"}, {"CG", "COG", "Congo"},
	{"CH", "CHE", "Switzerland"}, {"CI", "CIV", "Côte d'Ivoire"}, {"CK", "COK", "Cook Islands"},
	{"CL", "CHL", "Chile"}, {"CM", "CMR", "Cameroon"}, {"CN", "CHN", "China"},
	{"CO", "COL", "Colombia"}, {"CR", "CRI", "Costa Rica"}, {"CU", "CUB", "Cuba"},
	{"CV", "CPV", "Cabo Verde"}, {"CW", "CUW", "Curaçao"}, {"CX", "CXR", "Christmas Island"},
	{"CY", "CYP", "Cyprus"}, {"CZ", "CZE", "Czechia"}, {"DE", "DEU", "Germany"},
	{"DJ", "DJI", "Djibouti"}, {"DK", "DNK", "Denmark"}, {"DM", "DMA", "Dominica"},
	{"DO", "DOM", "Dominican Republic"}, {"DZ", "DZA", "Algeria"}, {"EC", "ECU", "Ecuador"},
	{"EE", "EST", "Estonia"}, {"EG", "EGY", "Egypt"}, {"EH", "ESH", "Western Sahara"},
	{"ER", "ERI", "Eritrea"}, {"ES", "ESP", "Spain"}, {"ET", "ETH", "Ethiopia"},
	{"FI", "FIN", "Finland"}, {"FJ", "FJI", "Fiji"}, {"FK", "FLK", "Falkland Islands"},
	{"FM", "FSM", "Micronesia"}, {"FO", "FRO", "Faroe Islands"}, {"FR", "FRA", "France"},
	{"GA", "GAB", "Gabon"}, {"GB", "GBR", "United Kingdom"}, {"GD", "GRD", "Grenada"},
	{"GE", "GEO", "Georgia"}, {"GF", "GUF", "French Guiana"}, {"GG", "GGY", "Guernsey"},
	{"GH", "GHA", "Ghana"}, {"GI", "GIB", "Gibraltar"}, {"GL", "GRL", "Greenland"},
	{"GM", "GMB", "Gambia"}, {"GN", "GIN", "Guinea"}, {"GP", "GLP", "Guadeloupe"},
	{"GQ", "GNQ", "Equatorial Guinea"}, {"GR", "GRC", "Greece"},
	{"GS", "SGS", "South Georgia and the South Sandwich Islands"}, {"GT", "GTM", "Guatemala"},
	{"GU", "GUM", "Guam"}, {"GW", "GNB", "Guinea-Bissau"}, {"GY", "GUY", "Guyana"},
	{"HK", "HKG", "Hong Kong"}, {"HM", "HMD", "Heard Island and McDonald Islands"},
	{"HN", "HND", "Honduras"}, {"HR", "HRV", "Croatia"}, {"HT", "HTI", "Haiti"},
	{"HU", "HUN", "Hungary"}, {"ID", "IDN", "Indonesia"}, {"IE", "IRL", "Ireland"},
	{"IL", "ISR", "Israel"}, {"IM", "IMN", "Isle of Man"}, {"IN", "IND", "India"},
	{"IO", "IOT", "British Indian Ocean Territory"}, {"IQ", "IRQ", "Iraq"},
	{"IR", "IRN", "Iran"}, {"IS", "ISL", "Iceland"}, {"IT", "ITA", "Italy"},
	{"JE", "JEY", "Jersey"}, {"JM", "JAM", "Jamaica"}, {"JO", "JOR", "Jordan"},
	{"JP", "JPN", "Japan"}, {"KE", "KEN", "Kenya"}, {"KG", "KGZ", "Kyrgyzstan"},
	{"KH", "KHM", "Cambodia"}, {"KI", "KIR", "Kiribati"}, {"KM", "COM", "Comoros"},
	{"KN", "KNA", "Saint Kitts and Nevis"}, {"KP", "PRK", "North Korea"},
	{"KR", "KOR", "South Korea"}, {"KW", "KWT", "Kuwait"}, {"KY", "CYM", "Cayman Islands"},
	{"KZ", "KAZ", "Kazakhstan"}, {"LA", "LAO", "Laos"}, {"LB", "LBN", "Lebanon"},
	{"LC", "LCA", "Saint Lucia"}, {"LI", "LIE", "Liechtenstein"}, {"LK", "LKA", "Sri Lanka"},
	{"LR", "LBR", "Liberia"}, {"LS", "LSO", "Lesotho"}, {"LT", "LTU", "Lithuania"},
	{"LU", "LUX", "Luxembourg"}, {"LV", "LVA", "Latvia"}, {"LY", "LBY", "Libya"},
	{"MA", "MAR", "Morocco"}, {"MC", "MCO", "Monaco"}, {"MD", "MDA", "Moldova"},
	{"ME", "MNE", "Montenegro"}, {"MF", "MAF", "Saint Martin"}, {"MG", "MDG", "Madagascar"},
	{"MH", "MHL", "Marshall Islands"}, {"MK", "MKD", "North Macedonia"}, {"ML", "MLI", "Mali"},
	{"MM", "MMR", "Myanmar"}, {"MN", "MNG", "Mongolia"}, {"MO", "MAC", "Macao"},
	{"MP", "MNP", "Northern Mariana Islands"}, {"MQ", "MTQ", "Martinique"},
	{"MR", "MRT", "Mauritania"}, {"MS", "MSR", "Montserrat"}, {"MT", "MLT", "Malta"},
	{"MU", "MUS", "Mauritius"}, {"MV", "MDV", "Maldives"}, {"MW", "MWI", "Malawi"},
	{"MX", "MEX", "Mexico"}, {"MY", "MYS", "Malaysia"}, {"MZ", "MOZ", "Mozambique"},
	{"NA", "NAM", "Namibia"}, {"NC", "NCL", "New Caledonia"}, {"NE", "NER", "Niger"},
	{"NF", "NFK", "Norfolk Island"}, {"NG", "NGA", "Nigeria"}, {"NI", "NIC", "Nicaragua"},
	{"NL", "NLD", "Netherlands"}, {"NO", "NOR", "Norway"}, {"NP", "NPL", "Nepal"},
	{"NR", "NRU", "Nauru"}, {"NU", "NIU", "Niue"}, {"NZ", "NZL", "New Zealand"},
	{"OM", "OMN", "Oman"}, {"PA", "PAN", "Panama"}, {"PE", "PER", "Peru"},
	{"PF", "PYF", "French Polynesia"}, {"PG", "PNG", "Papua New Guinea"},
	{"PH", "PHL", "Philippines"}, {"PK", "PAK", "Pakistan"}, {"PL", "POL", "Poland"},
	{"PM", "SPM", "Saint Pierre and Miquelon"}, {"PN", "PCN", "Pitcairn"},
	{"PR", "PRI", "Puerto Rico"}, {"PS", "PSE", "Palestine"}, {"PT", "PRT", "Portugal"},
	{"PW", "PLW", "Palau"}, {"PY", "PRY", "Paraguay"}, {"QA", "QAT", "Qatar"},
	{"RE", "REU", "Réunion"}, {"RO", "ROU", "Romania"}, {"RS", "SRB", "Serbia"},
	{"RU", "RUS", "Russia"}, {"RW", "RWA", "Rwanda"}, {"SA", "SAU", "Saudi Arabia"},
	{"SB", "SLB", "Solomon Islands"}, {"SC", "SYC", "Seychelles"}, {"SD", "SDN", "Sudan"},
	{"SE", "SWE", "Sweden"}, {"SG", "SGP", "Singapore"},
	{"SH", "SHN", "Saint Helena, Ascension and Tristan da Cunha"}, {"SI", "SVN", "Slovenia"},
	{"SJ", "SJM", "Svalbard and Jan Mayen"}, {"SK", "SVK", "Slovakia"},
	{"SL", "SLE", "Sierra Leone"}, {"SM", "SMR", "San Marino"}, {"SN", "SEN", "Senegal"},
	{"SO", "SOM", "Somalia"}, {"SR", "SUR", "Suriname"}, {"SS", "SSD", "South Sudan"},
	{"ST", "STP", "Sao Tome and Principe"}, {"SV", "SLV", "El Salvador"},
	{"SX", "SXM", "Sint Maarten"}, {"SY", "SYR", "Syria"}, {"SZ", "SWZ", "Eswatini"},
	{"TC", "TCA", "Turks and Caicos Islands"}, {"TD", "TCD", "Chad"},
	{"TF", "ATF", "French Southern Territories"}, {"TG", "TGO", "Togo"},
	{"TH", "THA", "Thailand"}, {"TJ", "TJK", "Tajikistan"}, {"TK", "TKL", "Tokelau"},
	{"TL", "TLS", "Timor-Leste"}, {"TM", "TKM", "Turkmenistan"}, {"TN", "TUN", "Tunisia"},
	{"TO", "TON", "Tonga"}, {"TR", "TUR", "Turkey"}, {"TT", "TTO", "Trinidad and Tobago"},
	{"TV", "TUV", "Tuvalu"}, {"TW", "TWN", "Taiwan"}, {"TZ", "TZA", "Tanzania"},
	{"UA", "UKR", "Ukraine"}, {"UG", "UGA", "Uganda"},
	{"UM", "UMI", "United States Minor Outlying Islands"}, {"US", "USA", "United States"},
	{"UY", "URY", "Uruguay"}, {"UZ", "UZB", "Uzbekistan"}, {"VA", "VAT", "Vatican City"},
	{"VC", "VCT", "Saint Vincent and the Grenadines"}, {"VE", "VEN", "Venezuela"},
	{"VG", "VGB", "British Virgin Islands"}, {"VI", "VIR", "US Virgin Islands"},
	{"VN", "VNM", "Vietnam"}, {"VU", "VUT", "Vanuatu"}, {"WF", "WLF", "Wallis and Futuna"},
	{"WS", "WSM", "Samoa"}, {"YE", "YEM", "Yemen"}, {"YT", "MYT", "Mayotte"},
	{"ZA", "ZAF", "South Africa"}, {"ZM", "ZMB", "Zambia"}, {"ZW", "ZWE", "Zimbabwe"},
};

/* Other names that shops and people use, ISO's long forms among them. */
static const struct alias {
	const char *name;
	char iso2[3];
} aliases[] = {
	{"Aland Islands", "AX"}, {"Bolivia, Plurinational State of", "BO"},
	{"Brunei Darussalam", "BN"}, {"Burma", "MM"}, {"Cape Verde", "CV"},
	{"Congo, The Democratic Republic of the", "CD"}, {"Cote d'Ivoire", "CI"}, {"Curacao", "CW"},
	{"Czech Republic", "CZ"}, {"Democratic Republic of the Congo", "CD"}, {"Deutschland", "DE"},
	{"East Timor", "TL"}, {"Eire", "IE"}, {"England", "GB"},
	{"Falkland Islands (Malvinas)", "FK"}, {"Great Britain", "GB"}, {"Holland", "NL"},
	{"Holy See (Vatican City State)", "VA"}, {"Iran, Islamic Republic of", "IR"},
	{"Ivory Coast", "CI"}, {"Korea", "KR"}, {"Korea, Democratic People's Republic of", "KP"},
	{"Korea, Republic of", "KR"}, {"Lao People's Democratic Republic", "LA"},
	{"Libyan Arab Jamahiriya", "LY"}, {"Macau", "MO"}, {"Macedonia", "MK"},
	{"Micronesia, Federated States of", "FM"}, {"Moldova, Republic of", "MD"},
	{"Northern Ireland", "GB"}, {"Palestine, State of", "PS"}, {"Palestinian Territory", "PS"},
	{"People's Republic of China", "CN"}, {"Republic of Ireland", "IE"},
	{"Republic of Korea", "KR"}, {"Republic of the Congo", "CG"}, {"Reunion", "RE"},
	{"Russian Federation", "RU"}, {"Saint Barthelemy", "BL"},
	{"Saint Martin (French part)", "MF"}, {"Scotland", "GB"},
	{"Sint Maarten (Dutch part)", "SX"}, {"Swaziland", "SZ"}, {"Syrian Arab Republic", "SY"},
	{"Taiwan, Province of China", "TW"}, {"Tanzania, United Republic of", "TZ"},
	{"The Netherlands", "NL"}, {"Turkiye", "TR"}, {"Türkiye", "TR"}, {"UAE", "AE"},
	{"UK", "GB"}, {"USA", "US"}, {"United Kingdom of Great Britain and Northern Ireland", "GB"},
	{"United States of America", "US"}, {"Vatican", "VA"},
	{"Venezuela, Bolivarian Republic of", "VE"}, {"Viet Nam", "VN"},
	{"Virgin Islands, British", "VG"}, {"Virgin Islands, U.S.", "VI"}, {"Wales", "GB"},
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct country *by_code(const char *folded)
{
	char code[4] = "";
	size_t length = strlen(folded);

	if (length != 2 && length != 3)
		return NULL;
	for (size_t i = 0; i < length; i++)
		code[i] = folded[i] >= 'a' && folded[i] <= 'z' ? (char)(folded[i] - 32) : folded[i];
	for (size_t i = 0; i < COUNT(countries); i++)
		if (!strcmp(code, length == 2 ? countries[i].iso2 : countries[i].iso3))
			return countries + i;
	return NULL;
}

static bool same(const char *folded, const char *name)
{
	char *other = fold(name);
	bool equal = !strcmp(folded, other);
	free(other);
	return equal;
}

static const struct country *by_name(const char *folded)
{
	for (size_t i = 0; i < COUNT(countries); i++)
		if (same(folded, countries[i].name))
			return countries + i;
	for (size_t i = 0; i < COUNT(aliases); i++)
		if (same(folded, aliases[i].name)) {
			char *code = fold(aliases[i].iso2);
			const struct country *country = by_code(code);
			free(code);
			return country;
		}
	return NULL;
}

static const struct country *find(const char *text)
{
	char *folded = fold(text ? text : "");
	const struct country *country = by_code(folded);
	if (!country)
		country = by_name(folded);
	free(folded);
	return country;
}

const char *country_iso2(const char *name_or_code)
{
	const struct country *country = find(name_or_code);
	return country ? country->iso2 : NULL;
}

const char *country_iso3(const char *name_or_code)
{
	const struct country *country = find(name_or_code);
	return country ? country->iso3 : NULL;
}

char *country_nearest(const char *typed)
{
	char *folded = fold(typed);
	struct nearest search = nearest_begin(folded);
	for (size_t i = 0; i < COUNT(countries); i++) {
		char *name = fold(countries[i].name);
		nearest_offer(&search, name, countries[i].name);
		free(name);
	}
	free(folded);
	return search.best[0] ? xstrdup(search.best) : NULL;
}
