#include "services/fsck/orphan_rows.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

suspect suspect_of(fsck_stores& stores, drift_class which,
                   const std::string& id);

result<std::optional<suspect>>
look_again(fsck_stores& stores, drift_class which, const std::string& id) {
  auto now = stores.audit.orphans_of(id);
  if (!now)
    return std::move(now.error());
  const auto& ids = which == drift_class::vector_without_row ? now->vectors
                                                             : now->rows;
  if (std::find(ids.begin(), ids.end(), id) == ids.end())
    return std::optional<suspect>{};
  return std::optional{suspect_of(stores, which, id)};
}

suspect suspect_of(fsck_stores& stores, drift_class which,
                   const std::string& id) {
  suspect out;
  out.which = which;
  out.subject = id;
  out.what = which == drift_class::vector_without_row
               ? "it has a vector, but no image"
               : "it has rows, but no image";
  out.again = [&stores, which, id](const fsck_look&) {
    return look_again(stores, which, id);
  };
  out.mend = [&stores, id]() -> status {
    auto removed = stores.audit.remove_orphan(id);
    if (!removed)
      return std::move(removed.error());
    return ok;
  };
  return out;
}

} // namespace

status find_orphans(fsck_stores& stores, const std::string& after,
                    const std::string& until, const fsck_look& at,
                    suspects& out) {
  if (!at.is_wanted(drift_class::vector_without_row)
      && !at.is_wanted(drift_class::row_without_image))
    return ok;
  auto found = stores.audit.orphans(after, until);
  if (!found)
    return std::move(found.error());
  if (at.is_wanted(drift_class::vector_without_row))
    for (const auto& id : found->vectors)
      out.push_back(suspect_of(stores, drift_class::vector_without_row, id));
  if (at.is_wanted(drift_class::row_without_image))
    for (const auto& id : found->rows)
      out.push_back(suspect_of(stores, drift_class::row_without_image, id));
  return ok;
}

} // namespace darkroom
