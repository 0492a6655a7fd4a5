#include "services/fsck/file_check.hpp"

#include "services/random/random_id.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

/// A file's name in parts: "originals/<image>.jpg",
/// "variants/<folder>/lg.webp".
struct file_place {
  bool is_variant = false;
  std::string image; ///< or the folder of its variants
};

/// @returns nothing if Darkroom does not give such names
std::optional<file_place> place_of(const std::string& name) {
  auto slash = name.find('/');
  auto rest = name.substr(slash + 1);
  if (is_variant(name))
    return file_place{true, rest.substr(0, rest.find('/'))};
  auto image = rest.substr(0, rest.find('.'));
  if (is_staged(name) || !is_random_id(image))
    return std::nullopt;
  return file_place{false, image};
}

/// Everything that a file is judged by.
struct file_judge {
  fsck_stores& stores;
  path_owners& owners;
  const fsck_look& at;

  /// Whether an image has the file, or may get it.
  result<bool> is_owned(const found_file& file, const file_place& place) {
    if (at.is_fresh(file.changed_at) || at.jobs.reads(file.name))
      return true;
    auto mine = place.is_variant ? is_own_variant(file, place.image)
                                 : is_own_original(place.image);
    if (!mine || *mine)
      return mine;
    return owners.has_owner(file.name, at.number);
  }

  result<bool> is_own_original(const std::string& id) {
    if (at.jobs.is_about(id))
      return true;
    auto trace = stores.audit.trace_of(id);
    if (!trace)
      return std::move(trace.error());
    return trace->has_row || trace->is_coming || at.is_fresh(trace->deleted_at);
  }

  result<bool> is_own_variant(const found_file& file,
                              const std::string& folder) {
    if (at.jobs.makes(folder, image_part::variants))
      return true; // its job removes what it does not need
    auto id = owners.image_of(folder, at.number);
    if (!id)
      return std::move(id.error());
    auto image = stores.audit.image(*id);
    if (!image)
      return std::move(image.error());
    if (image->empty())
      return is_own_original(*id);
    const auto& x = image->front();
    return at.is_fresh(x.changed_at)
           || std::find(x.variants.begin(), x.variants.end(), file.name)
                != x.variants.end();
  }
};

suspect suspect_of(fsck_stores& stores, std::shared_ptr<path_owners> owners,
                   const found_file& file, const file_place& place) {
  suspect out;
  out.which = drift_class::file_without_row;
  out.subject = file.name;
  out.what = "no image has this file";
  out.evidence = std::to_string(file.changed_at);
  out.again = [=,
               &stores](const fsck_look& at) -> result<std::optional<suspect>> {
    if (!stores.storage)
      return std::optional<suspect>{};
    auto now = stores.storage->find(file.name);
    if (!now)
      return std::move(now.error());
    if (*now != file)
      return std::optional<suspect>{};
    auto owned = file_judge{stores, *owners, at}.is_owned(file, place);
    if (!owned)
      return std::move(owned.error());
    if (*owned)
      return std::optional<suspect>{};
    return std::optional{suspect_of(stores, owners, file, place)};
  };
  out.mend = [&stores, file, place]() -> status {
    if (!stores.storage) // another repair found its disk gone
      return fail(ec::storage_failed, stores.no_storage);
    auto trace = stores.audit.trace_of(place.image);
    if (!trace)
      return std::move(trace.error());
    return stores.storage->put_away(file.name, trace->deleted_at > 0);
  };
  return out;
}

} // namespace

void file_check::rest() {
  if (walk_)
    walk_->rest();
}

result<bool> file_check::look(uint64_t most, const fsck_look& at,
                              suspects& out) {
  if (!stores_.storage || !at.is_wanted(drift_class::file_without_row))
    return true;
  if (!walk_)
    walk_ = stores_.storage->walk();
  auto files = walk_->next(most);
  if (!files)
    return std::move(files.error());
  file_judge judge{stores_, *owners_, at};
  for (const auto& x : *files) {
    auto place = place_of(x.name);
    if (!place)
      continue;
    auto owned = judge.is_owned(x, *place);
    if (!owned)
      return std::move(owned.error());
    if (!*owned)
      out.push_back(suspect_of(stores_, owners_, x, *place));
  }
  seen_ += files->size();
  return files->empty();
}

} // namespace darkroom
