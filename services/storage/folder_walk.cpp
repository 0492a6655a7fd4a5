#include "services/storage/folder_walk.hpp"

#include <sys/stat.h>

#include <iterator>
#include <system_error>
#include <utility>

namespace darkroom {

namespace fs = std::filesystem;

namespace {

/// A folder with files, or with folders of files.
struct watched_folder {
  const char* name;
  bool has_folders;
};

constexpr watched_folder watched_folders[] = {{"originals", false},
                                              {"variants", true}};

/// The files of a folder; none if it is not there or went meanwhile.
result<fs::directory_iterator> open_folder(const fs::path& folder) {
  std::error_code why;
  fs::directory_iterator out{folder, why};
  if (why && why != std::errc::no_such_file_or_directory)
    return fail(ec::storage_failed, "cannot read folder '"
                                      + folder.filename().string()
                                      + "': " + why.message());
  return out;
}

/// Goes to the next entry; to the end if the folder went meanwhile.
fs::path take_entry(fs::directory_iterator& at) {
  auto path = at->path();
  std::error_code why;
  at.increment(why);
  return path;
}

} // namespace

std::optional<found_file> find_file(const std::string& root,
                                    const std::string& name) {
  struct stat found {};
  if (::lstat((root + '/' + name).c_str(), &found) != 0
      || !S_ISREG(found.st_mode))
    return std::nullopt;
  return found_file{name, found.st_mtim.tv_sec * int64_t{1000}
                            + found.st_mtim.tv_nsec / int64_t{1000000}};
}

status folder_walk::open_next() {
  auto opened = open_folder(fs::path{root_} / watched_folders[opened_++].name);
  if (!opened)
    return std::move(opened.error());
  outer_ = std::move(*opened);
  taken_ = 0;
  return ok;
}

void folder_walk::rest() {
  if (is_at_rest_)
    return;
  if (inner_ == iterator{})
    inner_path_.clear();
  is_at_rest_ = outer_ != iterator{} || !inner_path_.empty();
  inner_ = iterator{};
  outer_ = iterator{};
}

status folder_walk::find_place() {
  is_at_rest_ = false;
  auto [before, before_inside] = std::pair{taken_, taken_inside_};
  --opened_;
  if (auto opened = open_next(); !opened)
    return opened;
  std::error_code why;
  for (; taken_ < before && outer_ != iterator{}; ++taken_)
    outer_.increment(why);
  if (inner_path_.empty())
    return ok;
  if (auto opened = open_inner(inner_path_); !opened)
    return opened;
  for (; taken_inside_ < before_inside && inner_ != iterator{}; ++taken_inside_)
    inner_.increment(why);
  return ok;
}

status folder_walk::open_inner(const fs::path& folder) {
  auto opened = open_folder(folder);
  if (!opened)
    return std::move(opened.error());
  inner_ = std::move(*opened);
  inner_path_ = folder;
  taken_inside_ = 0;
  return ok;
}

/// Takes the next entry of the outer folder.
status folder_walk::step(std::vector<found_file>& out) {
  auto path = take_entry(outer_);
  ++taken_;
  std::error_code why;
  if (!watched_folders[opened_ - 1].has_folders) {
    add(path, out);
  } else if (fs::is_directory(fs::symlink_status(path, why))) {
    return open_inner(path);
  }
  return ok;
}

void folder_walk::add(const fs::path& path,
                      std::vector<found_file>& out) const {
  if (auto file = find_file(root_, path.lexically_relative(root_).string()))
    out.push_back(std::move(*file));
}

result<std::vector<found_file>> folder_walk::next(uint64_t most) {
  const fs::directory_iterator end;
  std::vector<found_file> out;
  if (is_at_rest_)
    if (auto found = find_place(); !found)
      return std::move(found.error());
  while (out.size() < most) {
    if (inner_ != end) {
      add(take_entry(inner_), out);
      ++taken_inside_;
    } else if (outer_ != end) {
      if (auto done = step(out); !done)
        return std::move(done.error());
    } else if (opened_ < std::size(watched_folders)) {
      if (auto opened = open_next(); !opened)
        return std::move(opened.error());
    } else {
      if (out.empty())
        opened_ = 0;
      break;
    }
  }
  return out;
}

} // namespace darkroom
