#define CAF_SUITE multipart

#include "services/http/multipart.hpp"
#include "tests/support/must.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

const std::string form = "multipart/form-data; boundary=x1";

std::string part(const std::string& header, const std::string& bytes) {
  return "--x1\r\n" + header + "\r\n\r\n" + bytes + "\r\n";
}

std::string file(const std::string& parameters, const std::string& bytes) {
  return part("Content-Disposition: form-data; " + parameters, bytes);
}

const std::string end = "--x1--\r\n";

std::string refusal(const std::string& body, const std::string& type = form) {
  auto found = read_form(type, body);
  CAF_REQUIRE(!found);
  CAF_CHECK(found.error().code == ec::bad_input);
  return found.error().context;
}

bool has(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

} // namespace

CAF_TEST(files come in order with their bytes untouched) {
  std::string bytes{"\xff\xd8\r\n--x\r\n\0--x", 13};
  auto body = file("name=\"a\"; filename=\"one.jpg\"", bytes)
              + file("name=\"comment\"", "hello")
              + file("name=b; filename=two.png", "") + end;
  auto files = must(read_form(form, body));
  CAF_REQUIRE_EQUAL(files.size(), 2u);
  CAF_CHECK_EQUAL(files[0].field, "a");
  CAF_CHECK_EQUAL(files[0].filename, "one.jpg");
  CAF_CHECK(files[0].bytes == bytes);
  CAF_CHECK_EQUAL(files[1].filename, "two.png");
  CAF_CHECK(files[1].bytes.empty());
}

CAF_TEST(names come as browsers and libraries write them) {
  auto name = [](const std::string& parameters) {
    auto body = file(parameters, "x") + end;
    auto files = must(read_form(form, body));
    return files.empty() ? "none" : files[0].filename;
  };
  CAF_CHECK_EQUAL(name(R"(name="f"; filename="a \"b\".jpg")"), "a \"b\".jpg");
  CAF_CHECK_EQUAL(name(R"(name="f"; filename="a%22b;c.jpg")"), "a\"b;c.jpg");
  CAF_CHECK_EQUAL(name(R"(name="f"; filename="C:\new\a.jpg")"),
                  "C:\\new\\a.jpg");
  CAF_CHECK_EQUAL(
    name(R"(name="f"; filename="a.jpg"; filename*=UTF-8''%c3%a4.jpg)"),
    "\xc3\xa4.jpg");
  CAF_CHECK_EQUAL(name(R"(name="f"; FileName=a.jpg)"), "a.jpg");
  CAF_CHECK_EQUAL(name(R"(name="f")"), "none");
}

CAF_TEST(a boundary may be quoted and follow a preamble) {
  auto body = "preamble\r\n" + file("name=f; filename=a", "x") + end + "more";
  CAF_CHECK_EQUAL(
    must(read_form("Multipart/Form-Data;charset=utf-8; boundary=\"x1\"", body))
      .size(),
    1u);
  CAF_CHECK(is_form("Multipart/Form-Data; boundary=x"));
  CAF_CHECK(!is_form("multipart/mixed; boundary=x"));
  CAF_CHECK(!is_form("image/jpeg"));
}

CAF_TEST(a file that was not chosen is none) {
  auto body = file("name=f; filename=\"\"", "") + end;
  CAF_CHECK(must(read_form(form, body)).empty());
}

CAF_TEST(what is malformed is named) {
  auto whole = file("name=f; filename=a", "bytes") + end;
  CAF_CHECK(has(refusal(whole, "multipart/form-data"), "names no boundary"));
  CAF_CHECK(has(refusal(whole, form + std::string(69, 'x')), "1 to 70"));
  CAF_CHECK(has(refusal("hello"), "does not contain"));
  CAF_CHECK(has(refusal(""), "does not contain"));
  CAF_CHECK(has(refusal(part("X-Other: 1", "x") + end), "form-data"));
  CAF_CHECK(has(refusal(part("Content-Disposition: form-data; filename=a\r\n"
                             "Content-Transfer-Encoding: base64",
                             "eA==")
                        + end),
                "Content-Transfer-Encoding"));
  CAF_CHECK(has(refusal(part("X: " + std::string(9000, 'x'), "x") + end),
                "does not end within"));
}

CAF_TEST(a form that is cut anywhere is no form) {
  auto whole = file("name=f; filename=a", "bytes") + "--x1--";
  for (size_t size = 0; size < whole.size(); ++size)
    CAF_CHECK(!read_form(form, whole.substr(0, size)));
  CAF_CHECK(read_form(form, whole));
}

CAF_TEST(a hundred parts pass and one more does not ) {
  std::string parts;
  for (auto i = 0; i < 100; ++i)
    parts += file("name=f; filename=a", "x");
  CAF_CHECK_EQUAL(must(read_form(form, parts + end)).size(), 100u);
  CAF_CHECK(has(refusal(parts + file("name=f; filename=a", "x") + end),
                "more than 100 parts"));
}
