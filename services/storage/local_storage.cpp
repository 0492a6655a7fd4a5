#include "services/storage/local_storage.hpp"

#include "services/storage/durable.hpp"
#include "services/storage/file_error.hpp"
#include "services/storage/names.hpp"
#include "services/storage/path_check.hpp"
#include "services/text/without_folders.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace darkroom {

namespace fs = std::filesystem;

namespace {

bool is_inside(const fs::path& root, const fs::path& path) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first
         == root.end();
}

/// Whether no file can ever have this name.
bool is_hopeless(const std::error_code& why) {
  return why == std::errc::filename_too_long
         || why == std::errc::too_many_symbolic_link_levels
         || why == std::errc::not_a_directory;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size()
         && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

} // namespace

result<local_storage> local_storage::open(const std::string& root) {
  std::error_code unmade, why;
  fs::create_directories(root, unmade);
  auto found = fs::canonical(root, why);
  if (!why && !fs::is_directory(found))
    why = std::make_error_code(std::errc::not_a_directory);
  if (why && unmade)
    why = unmade;
  if (why)
    return fail(ec::storage_failed, "cannot use uploads folder '" + root + "': "
                                      + why.message() + " ([storage] uploads)");
  return local_storage{found};
}

local_storage::local_storage(std::string root) : root_(std::move(root)) {}

error local_storage::named(error why) const {
  why.context = without_folders(std::move(why.context), {root_});
  return why;
}

status local_storage::named(status done) const {
  if (done)
    return done;
  return named(std::move(done.error()));
}

status local_storage::check_writable() const {
  if (::access(root_.c_str(), W_OK | X_OK) == 0)
    return ok;
  return fail(
    ec::storage_failed,
    system_failure("cannot write to uploads folder", root_).context
      + "; make the user that runs darkroom its owner, or set [storage] "
        "uploads");
}

result<std::string> local_storage::resolve(const std::string& name) const {
  if (auto sound = check_path(name); !sound)
    return std::move(sound.error());
  std::error_code why;
  auto found = fs::weakly_canonical(root_ / fs::path{name}, why);
  if (is_hopeless(why))
    return fail(ec::bad_input,
                "no file can be named '" + name + "': " + why.message());
  if (why)
    return fail(file_error_code(why.value()),
                "cannot look up '" + name + "': " + why.message());
  if (!is_inside(root_, found))
    return forbidden_path(name, "leads outside by a symbolic link");
  if (found == root_ || found.filename().empty())
    return forbidden_path(name, "names a folder");
  return found.string();
}

result<std::string> local_storage::real_name(const std::string& name) const {
  auto path = resolve(name);
  if (!path)
    return path;
  return fs::path{*path}.lexically_relative(root_).string();
}

result<staged_upload> local_storage::begin(const std::string& name) const {
  auto path = resolve(name);
  if (!path)
    return std::move(path.error());
  return staged_upload::create(upload_name(*path), *path);
}

result<staged_file> local_storage::stage(const std::string& final_name,
                                         const attempt_stamp& stamp,
                                         std::string_view bytes) const {
  staged_file names{staged_name(final_name, stamp), final_name};
  auto path = resolve(names.staged);
  if (!path)
    return std::move(path.error());
  // The same attempt may have died here and left its file.
  if (auto removed = remove_file(*path); !removed)
    return named(std::move(removed.error()));
  auto file = staged_upload::create(*path, {});
  if (!file)
    return named(std::move(file.error()));
  if (auto written = file->append(bytes); !written)
    return named(std::move(written.error()));
  if (auto kept = file->keep(); !kept)
    return named(std::move(kept.error()));
  return names;
}

result<staged_file> local_storage::stage_same(const std::string& final_name,
                                              const attempt_stamp& stamp,
                                              const staged_file& same) const {
  staged_file names{staged_name(final_name, stamp), final_name};
  auto path = resolve(names.staged);
  if (!path)
    return std::move(path.error());
  auto from = resolve(same.staged);
  if (!from)
    return std::move(from.error());
  // The same attempt may have died here and left its file.
  if (auto removed = remove_file(*path); !removed)
    return std::move(removed.error());
  std::error_code why;
  fs::create_hard_link(*from, *path, why);
  if (why)
    return fail(ec::storage_failed, "cannot link '" + same.staged + "' to '"
                                      + names.staged + "': " + why.message());
  if (auto kept = sync_folder_of(*path); !kept)
    return std::move(kept.error());
  return names;
}

status local_storage::publish(const staged_file& file) const {
  auto staged = resolve(file.staged);
  if (!staged)
    return std::move(staged.error());
  auto final_path = resolve(file.final_name);
  if (!final_path)
    return std::move(final_path.error());
  if (!is_staged(*staged) || is_staged(*final_path))
    return forbidden_path(file.staged, "is not the name of a staged file");
  std::error_code why;
  if (fs::exists(*staged, why)) {
    if (auto renamed = rename_durably(*staged, *final_path); !renamed)
      return named(std::move(renamed.error()));
    // A rename between two names of one file does nothing.
    return named(remove_file(*staged));
  }
  if (fs::exists(*final_path, why))
    return ok;
  return fail(ec::not_found, "cannot publish '" + file.final_name
                               + "': its staged file '" + file.staged
                               + "' is gone");
}

status local_storage::discard(const staged_file& file) const {
  auto staged = resolve(file.staged);
  if (!staged)
    return std::move(staged.error());
  if (!is_staged(*staged))
    return forbidden_path(file.staged, "is not the name of a staged file");
  return named(remove_file(*staged));
}

template <class Predicate>
status local_storage::remove_matching(const std::string& image_id,
                                      Predicate is_wanted) const {
  auto folder = resolve(variant_folder(image_id));
  if (!folder)
    return std::move(folder.error());
  std::error_code why;
  for (fs::directory_iterator at{*folder, why}, end; !why && at != end;
       at.increment(why)) {
    std::string path = at->path();
    if (!is_wanted(path))
      continue;
    if (auto removed = remove_file(path); !removed)
      return named(std::move(removed.error()));
  }
  return ok;
}

status local_storage::remove_attempt(const std::string& image_id,
                                     const attempt_stamp& stamp) const {
  return remove_matching(image_id,
                         [suffix = staged_suffix(stamp)](const auto& path) {
                           return is_staged(path) && ends_with(path, suffix);
                         });
}

status local_storage::remove_up_to(const std::string& image_id,
                                   const attempt_stamp& stamp,
                                   const std::vector<std::string>&) const {
  return remove_matching(image_id, [&stamp](const auto& path) {
    return is_staged_up_to(path, stamp);
  });
}

status local_storage::keep_only(const std::string& image_id,
                                const std::vector<staged_file>& kept) const {
  std::set<std::string> names;
  for (const auto& x : kept)
    names.insert(x.final_name);
  auto folder = variant_folder(image_id) + '/';
  return remove_matching(image_id, [&](const auto& path) {
    auto name = folder + fs::path{path}.filename().string();
    return !is_staged(name) && names.count(name) == 0;
  });
}

} // namespace darkroom
