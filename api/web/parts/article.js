// An article, whole.

import { becameView } from "./became.js";
import { aboutView, copiesView } from "./citation.js";
import { element } from "./dom.js";
import { slice } from "./text.js";

export function articleView(article, span, open) {
  const length = Array.from(article.body).length;
  const marked = span && span.start < span.end && span.end <= length;
  const body = marked
    ? [slice(article.body, 0, span.start), element("mark", { id: "quote" }, slice(article.body, span.start, span.end)),
      slice(article.body, span.end, length)]
    : [article.body];
  return [
    element("h1", { id: "article-headline" }, article.headline || "Untitled article"),
    becameView(article, (id) => open({ article_id: id })),
    article.standfirst && element("p", { class: "standfirst" }, article.standfirst),
    aboutView(article),
    copiesView({ family: article.family, article_id: article.id }),
    element("div", { class: "body", lang: article.language }, ...body),
  ].filter(Boolean);
}
