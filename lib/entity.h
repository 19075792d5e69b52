/* HTML entities in shoppers' text, decoded once.
 *
 * BigCommerce has shown option texts with entities (58&quot; for 58"); whether the Orders API does
 * is not documented, so text is decoded defensively, one level: "&amp;amp;" becomes "&amp;".  What is
 * no entity stays as it is.  Control characters other than line breaks become blanks.
 */
#ifndef LIB_ENTITY_H
#define LIB_ENTITY_H

char *entity_decode(const char *text); /* malloc'ed, never longer than text */

#endif
