/* Lists of words written as one text: "no|plan|yes". */
#ifndef LIB_WORDS_H
#define LIB_WORDS_H

char *words_spoken(const char *words); /* "no, plan or yes", malloc'ed */
char *words_find(const char *words,
		 const char *word); /* as it stands in the list, case apart; or NULL */
/* ' (did you mean "plan"?)', or "" when none is near; malloc'ed */
char *words_suggest(const char *words, const char *typed);

#endif
