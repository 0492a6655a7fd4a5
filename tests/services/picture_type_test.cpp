#define CAF_SUITE picture_type

#include "config/source_formats.hpp"
#include "services/storage/given_name.hpp"
#include "services/storage/picture_type.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <filesystem>

using namespace darkroom;
using std::string_literals::operator""s;

namespace {

std::string format(const std::string& head) {
  auto found = find_picture_type(head).format;
  return found ? found : "none";
}

std::string what(const std::string& head) {
  CAF_CHECK_EQUAL(format(head), "none");
  return find_picture_type(head).what;
}

/// A number of a TIFF that begins with "II".
std::string little(uint32_t number, int bytes) {
  std::string out;
  for (auto i = 0; i < bytes; ++i)
    out += static_cast<char>(number >> 8 * i & 255);
  return out;
}

/// A TIFF whose directory has these entries: a tag and a number.
std::string tiff(std::vector<std::pair<uint32_t, uint32_t>> entries) {
  auto out = "II*\0\x8\0\0\0"s + little(entries.size(), 2);
  for (auto [tag, value] : entries)
    out += little(tag, 2) + little(4, 2) + little(1, 4) + little(value, 4);
  return out + little(0, 4);
}

/// An ISO container's first box.
std::string container(const std::string& brands) {
  auto size = static_cast<char>(brands.size() + 8);
  return "\0\0\0"s + size + "ftyp" + brands + "\0\0\0\x10meta"s;
}

} // namespace

CAF_TEST(every picture of the collection is what its name says) {
  namespace fs = std::filesystem;
  auto seen = 0;
  for (const auto* folder : {"/tests/pictures", "/deploy/samples"})
    for (const auto& x :
         fs::directory_iterator{DARKROOM_SOURCE_DIR + std::string{folder}}) {
      auto named = x.path().extension().string();
      if (named != ".jpg" && named != ".png" && named != ".webp"
          && named != ".avif" && named != ".gif")
        continue;
      ++seen;
      CAF_CHECK_EQUAL(
        "." + extension_of(format(test::read_file(x.path().string()))), named);
    }
  CAF_CHECK_GREATER(seen, 10);
}

CAF_TEST(what the codec does not read is named) {
  CAF_CHECK_EQUAL(what(""), "empty");
  CAF_CHECK_EQUAL(what("hello, world\n"), "a text");
  CAF_CHECK_EQUAL(what("\n <!DOCTYPE html><p>"), "an HTML page");
  CAF_CHECK_EQUAL(what("<?xml version='1.0'?><svg/>"), "an SVG");
  CAF_CHECK_EQUAL(what("{\"a\":1}"), "a JSON text");
  CAF_CHECK_EQUAL(what("BMxxxx"), "a BMP");
  CAF_CHECK_EQUAL(what("8BPS\0\1"s), "a Photoshop file");
  CAF_CHECK_EQUAL(what("%PDF-1.7"), "a PDF");
  CAF_CHECK_EQUAL(what("\0\1\2\3"s), "of an unknown type");
  CAF_CHECK_EQUAL(what("--x\r\nContent-Disposition: form-data; name=a\r\n"),
                  "a multipart form without its Content-Type");
}

CAF_TEST(a TIFF is told from a raw picture of a camera) {
  CAF_CHECK_EQUAL(format("II*\0abcd"s), "tiff");
  CAF_CHECK_EQUAL(format("MM\0*\0\0\0\x8"s), "tiff");
  CAF_CHECK_EQUAL(format("II+\0\x8\0\0\0"s), "tiff");
  CAF_CHECK_EQUAL(format(tiff({{254, 0}, {262, 2}, {330, 900}})), "tiff");
  auto raw = "a camera's raw picture";
  CAF_CHECK_EQUAL(what(tiff({{254, 1}, {262, 2}, {330, 900}})), raw);
  CAF_CHECK_EQUAL(what(tiff({{262, 32803}})), raw);
  CAF_CHECK_EQUAL(what(tiff({{262, 2}, {50706, 1}})), raw);
  CAF_CHECK_EQUAL(what("II*\0\x10\0\0\0CR\2\0"s), raw);
  CAF_CHECK_EQUAL(what("IIRO\x8\0\0\0"s), raw);
  auto whole = tiff({{254, 1}, {262, 32803}});
  for (size_t size = 0; size < whole.size(); ++size) // however it is cut
    (void)find_picture_type(whole.substr(0, size));
}

CAF_TEST(formats have names for people and extensions) {
  CAF_CHECK_EQUAL(names_of(known_formats()),
                  "JPEG, PNG, WebP, GIF, AVIF, TIFF, HEIC or JPEG XL");
  CAF_CHECK_EQUAL(names_of({"png"}), "PNG");
  CAF_CHECK_EQUAL(extension_of("jpeg") + extension_of("tiff")
                    + extension_of("png"),
                  "jpgtifpng");
  CAF_CHECK(is_read(find_picture_type("GIF89a"), {"png", "gif"}));
  CAF_CHECK(!is_read(find_picture_type("GIF89a"), {"png"}));
  CAF_CHECK(!is_read(find_picture_type("BM"), known_formats()));
}

CAF_TEST(a container is what its brands say) {
  CAF_CHECK_EQUAL(format(container("avif\0\0\0\0mif1miaf"s)), "avif");
  CAF_CHECK_EQUAL(format(container("mif1\0\0\0\0avif"s)), "avif");
  CAF_CHECK_EQUAL(format(container("heic\0\0\0\0mif1heic"s)), "heic");
  CAF_CHECK_EQUAL(what(container("isom\0\0\0\0mp42"s)),
                  "a video (MP4 or QuickTime)");
  // A brand beyond the box's end is none.
  CAF_CHECK_EQUAL(what(container("isom\0\0\0\0"s) + "avif"),
                  "a video (MP4 or QuickTime)");
  for (size_t size = 0; size < 40; ++size) // however it is cut
    (void)find_picture_type(
      container("avif\0\0\0\0mif1miafavif"s).substr(0, size));
}

CAF_TEST(a given name is kept without what could deceive) {
  CAF_CHECK_EQUAL(given_name("photo.jpg"), "photo.jpg");
  CAF_CHECK_EQUAL(given_name("C:\\Users\\a\\photo.jpg"), "photo.jpg");
  CAF_CHECK_EQUAL(given_name("../../etc/passwd"), "passwd");
  CAF_CHECK_EQUAL(given_name("\xc3\xa4\xf0\x9f\x90\x88.jpg"),
                  "\xc3\xa4\xf0\x9f\x90\x88.jpg");
  CAF_CHECK_EQUAL(given_name("a\x1b[2J\r\nb.jpg"),
                  "a\xef\xbf\xbd[2J\xef\xbf\xbd\xef\xbf\xbd"
                  "b.jpg");
  CAF_CHECK_EQUAL(given_name("a\xe2\x80\xaegpj.exe"),
                  "a\xef\xbf\xbdgpj.exe"); // U+202E writes backwards
  CAF_CHECK_EQUAL(given_name("a\xff"
                             "b"),
                  "a\xef\xbf\xbd"
                  "b");
}

CAF_TEST(a given name is cut at a whole character and keeps its end) {
  CAF_CHECK_EQUAL(given_name(std::string(255, 'x')).size(), 255u);
  CAF_CHECK_EQUAL(given_name(std::string(256, 'x')).size(), 255u);
  std::string many;
  for (auto i = 0; i < 200000; ++i)
    many += "\xc3\xa4";
  auto cut = given_name(many + ".jpg");
  CAF_CHECK_EQUAL(cut.size(), 254u); // 125 of two bytes, and ".jpg"
  CAF_CHECK_EQUAL(cut.substr(cut.size() - 6), "\xc3\xa4.jpg");
}
