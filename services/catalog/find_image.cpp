#include "services/catalog/find_image.hpp"

#include <utility>

namespace darkroom {

result<statement> find_image(database& db, std::string_view sql,
                             const std::string& id) {
  auto query = db.prepare(sql);
  if (!query)
    return query;
  auto row = query->bind(id).step();
  if (!row)
    return std::move(row.error());
  if (!*row)
    return fail(ec::not_found, "the catalog has no image '" + id + "'");
  return query;
}

} // namespace darkroom
