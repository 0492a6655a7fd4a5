#include "nodes/commands/variant_pictures.hpp"

#include "services/storage/whole_file.hpp"

#include <filesystem>
#include <map>
#include <set>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

/// One name for each file, however it was given.
std::string real_path(const std::string& path) {
  std::error_code failed;
  auto real = fs::weakly_canonical(path, failed);
  return failed ? path : real.string();
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

/// Refuses pictures whose variants would harm a file.
class harm_check {
public:
  explicit harm_check(const variant_order& order) : order_(order) {
    for (const auto& file : order.files)
      given_.insert(real_path(file));
  }

  error judge(const variant_picture& picture) {
    auto [first, is_new] = owners_.emplace(picture.stem, picture.path);
    if (!is_new)
      return fail(ec::conflict,
                  "'" + picture.path
                    + "' would have the same names as the variants of '"
                    + first->second + "': rename it, or give it another --out");
    for (const auto& recipe : order_.imaging.variants)
      for (auto format : recipe.formats)
        if (auto why
            = judge(variant_path(order_, picture, recipe.name, format));
            why.code != ec::none)
          return why;
    return {};
  }

private:
  error judge(const std::string& path) const {
    if (!is_there(path))
      return {};
    if (given_.count(real_path(path)) > 0)
      return fail(ec::conflict, "'" + path
                                  + "' is one of the given pictures: give "
                                    "another --out");
    if (!order_.replaces)
      return fail(ec::conflict,
                  "'" + path + "' is there already; --force replaces it");
    return {};
  }

  const variant_order& order_;
  std::set<std::string> given_;
  std::map<std::string, std::string> owners_; ///< stem -> picture
};

} // namespace

std::string variant_path(const variant_order& order,
                         const variant_picture& picture,
                         const std::string& type, picture_format format) {
  auto name = picture.stem + "-" + type + "." + to_string(format);
  return fs::path{order.folder} / name;
}

std::vector<variant_picture> plan_pictures(const variant_order& order) {
  harm_check check{order};
  std::vector<variant_picture> out;
  for (const auto& file : order.files) {
    variant_picture picture;
    picture.path = file;
    picture.stem = fs::path{file}.stem();
    std::error_code failed;
    auto bytes = fs::file_size(file, failed);
    picture.bytes = failed ? 0 : bytes;
    picture.problem = check.judge(picture);
    out.push_back(std::move(picture));
  }
  return out;
}

void write_variants(const variant_order& order,
                    const std::vector<encoded_variant>& encoded,
                    variant_picture& picture) {
  auto older = order.replaces ? older_file::is_replaced : older_file::stays;
  for (const auto& x : encoded)
    for (const auto& type : x.types) {
      auto path = variant_path(order, picture, type, x.format);
      if (auto done = write_whole_file(path, x.file.bytes, older); !done) {
        picture.problem = std::move(done.error());
        return;
      }
      picture.files.push_back({type, x.format, x.file.width, x.file.height,
                               x.file.bytes.size(), path});
    }
}

} // namespace darkroom
