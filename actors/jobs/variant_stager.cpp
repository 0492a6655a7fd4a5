#include "actors/jobs/variant_stager.hpp"

#include "actors/jobs/job_tools.hpp"
#include "services/storage/names.hpp"

#include <map>
#include <utility>

namespace darkroom {

namespace {

/// "sm.webp" of "variants/cat/sm.webp", and of a file with the name of its
/// attempt.
std::string last_of(const std::string& path) {
  auto name = without_attempt(path);
  return name.substr(name.rfind('/') + 1);
}

} // namespace

variant_stager::variant_stager(const job_context& context,
                               const std::string& image_id)
  : tools_(*context.tools),
    image_id_(image_id),
    stamp_{context.work.id, context.work.timestamp, context.work.attempt} {
  rows_.part = image_part::variants;
}

std::string variant_stager::name_of(const std::string& type,
                                    const std::string& format) const {
  return variant_name(image_id_, type, format);
}

status variant_stager::add(const encoded_variant& x) {
  auto shares = tools_.imaging.share_files;
  std::string format = to_string(x.format);
  std::optional<staged_file> first;
  auto took = static_cast<uint32_t>(x.took.count());
  for (const auto& type : x.types) {
    if (!first || !shares) {
      auto name = name_of(shares ? x.types.front() : type, format);
      auto staged = stage(name, x.file.bytes, first);
      if (!staged)
        return std::move(staged.error());
      rows_.files.push_back(*staged);
      first = *staged;
    }
    rows_.variants.push_back({type, format, x.file.width, x.file.height,
                              x.file.bytes.size(), first->final_name,
                              std::exchange(took, 0)});
  }
  return ok;
}

// As a link to `same` where the storage has links.
result<staged_file>
variant_stager::stage(const std::string& name, const std::string& bytes,
                      const std::optional<staged_file>& same) {
  if (same)
    if (auto link = tools_.storage->stage_same(name, stamp_, *same); link)
      return link;
  return tools_.storage->stage(name, stamp_, bytes);
}

status variant_stager::add_known(const std::vector<image_variant>& known) {
  std::map<std::string, std::string> names; // of the other image -> of ours
  for (const auto& x : known) {
    auto own = name_of(x.variant_type, x.format);
    auto is_named_so = last_of(x.file_path) == last_of(own);
    if (auto& name = names[x.file_path]; name.empty() || is_named_so)
      name = own;
  }
  std::map<std::string, staged_file> files;
  for (auto x : known) {
    if (files.count(x.file_path) == 0) {
      auto staged = tools_.storage->stage_known(names[x.file_path], stamp_,
                                                x.file_path, x.file_size);
      if (!staged)
        return std::move(staged.error());
      rows_.files.push_back(*staged);
      files[x.file_path] = *staged;
    }
    x.file_path = files[x.file_path].final_name;
    rows_.variants.push_back(std::move(x));
  }
  return ok;
}

void variant_stager::undo() {
  (void)tools_.storage->remove_attempt(image_id_, stamp_);
  rows_.files.clear();
  rows_.variants.clear();
}

} // namespace darkroom
