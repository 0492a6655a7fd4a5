#include "services/catalog/image_filter.hpp"

#include "services/catalog/words.hpp"

namespace darkroom {

const char* const filter_condition
  = "($1 = '' OR i.status = $1) "
    "AND ($2 = '' OR EXISTS (SELECT 1 FROM image_words AS w "
    "WHERE w.image_id = i.id AND w.kind = 'tag' AND w.word = $2)) "
    "AND ($3 = '' OR EXISTS (SELECT 1 FROM image_words AS w "
    "WHERE w.image_id = i.id AND w.kind = 'category' AND w.word = $3)) "
    "AND ($4 = '' OR EXISTS (SELECT 1 FROM image_words AS w "
    "WHERE w.image_id = i.id AND w.kind = 'mood' AND w.word = $4)) "
    "AND i.created_at >= $5 AND i.created_at < $6 ";

bool is_narrow(const image_filter& x) {
  image_filter none;
  return !x.status.empty() || !x.tag.empty() || !x.category.empty()
         || !x.mood.empty() || x.after != none.after || x.before != none.before;
}

void bind_filter(statement& query, const image_filter& x) {
  query.bind(x.status, filter_word(x.tag), filter_word(x.category),
             filter_word(x.mood), x.after, x.before);
}

} // namespace darkroom
