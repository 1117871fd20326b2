// The tabs of the page, in their order; the first is shown where the address names none.
//
// A view has a `name` (what `view=` says in the address), a `label` (of its tab; none where there is none), `own` (names
// of parameters that its address has beside the question's), `asks` (whether it needs a question;
// without one the start page is shown in its place) and `show(context)`, which paints it and resolves to what is to be
// told of it in a line, unless that was told before. The context:
// `verb` is what the button beside the question says, "Ask" where there is none.
//   question  what is asked, with the filters, as the parameters of the API
//   request(path, more)  asks the API about the question, with more parameters
//   fetch(path, parameters)  asks the API about something else
//   article(id)  reads an article
//   paint(...nodes)  shows these in place of what is shown; null is left out
//   paint.more(...nodes)  shows these, too, below
//   tell(text)  says in a line what is shown, and that the wait is over
//   cite(citations)  gives what one can go through, from one to the next, once an article is open
//   open({ article_id, start, end })  opens an article, at a quote of it if there is one
//   go(parameters)  goes to another address of the page
//   change(edit, unfold)  asks with what `edit` makes of the question, in the same view; the filters unfolded if so wanted
//   address  what the address says; `here({ name: value })` is the same place with other parameters of the view's own
//   busy(text), problem(error, place, retry)  tell that something is being done, and what went wrong with it

import { answer } from "./views/answer.js";
import { citation } from "./views/citation.js";
import { draft } from "./views/draft.js";
import { search } from "./views/search.js";
import { timeline } from "./views/timeline.js";

export const VIEWS = [answer, search, timeline, draft, citation];
