#include "services/http/multipart.hpp"

#include "services/http/message.hpp"

#include <map>
#include <optional>

namespace darkroom {

namespace {

constexpr size_t max_parts = 100;
constexpr size_t max_part_header = 8192;
constexpr size_t max_boundary = 70; // RFC 2046, 5.1.1

error malformed(const std::string& why) {
  return fail(ec::bad_input, "the form (multipart/form-data) " + why);
}

std::string_view trim(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A value with its parameters: `form-data; name="a"; filename="b\"c"`.
struct header_value {
  std::string value; ///< in lower case
  std::map<std::string, std::string> parameters;
};

/// Takes a quoted string or a word from the front.
std::string take_value(std::string_view& text) {
  std::string out;
  if (text.empty() || text[0] != '"') {
    auto end = text.find(';');
    out = trim(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end);
    return out;
  }
  text.remove_prefix(1);
  while (!text.empty() && text[0] != '"') {
    // Only these two are escapes: old browsers send paths with backslashes.
    if (text[0] == '\\' && text.size() > 1
        && (text[1] == '"' || text[1] == '\\'))
      text.remove_prefix(1);
    out += text[0];
    text.remove_prefix(1);
  }
  auto end = text.find(';');
  text.remove_prefix(end == text.npos ? text.size() : end);
  return out;
}

header_value parse_header(std::string_view text) {
  header_value out;
  auto end = text.find(';');
  out.value = lower_case(trim(text.substr(0, end)));
  text.remove_prefix(end == text.npos ? text.size() : end);
  while (!text.empty()) {
    text.remove_prefix(1); // the semicolon
    auto equals = text.find_first_of("=;");
    if (equals == text.npos || text[equals] == ';') {
      text.remove_prefix(equals == text.npos ? text.size() : equals);
      continue;
    }
    auto name = lower_case(trim(text.substr(0, equals)));
    text.remove_prefix(equals + 1);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    out.parameters.emplace(name, take_value(text));
  }
  return out;
}

/// The headers of a part; the names are in lower case.
std::map<std::string, std::string> parse_lines(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    auto end = text.find("\r\n");
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 2);
    if (auto colon = line.find(':'); colon != line.npos)
      out.emplace(lower_case(trim(line.substr(0, colon))),
                  trim(line.substr(colon + 1)));
  }
  return out;
}

/// Decodes what browsers escape in a file name, and `filename*=UTF-8''…`.
std::string name_of(const header_value& disposition) {
  auto find = [&](const char* name) {
    auto i = disposition.parameters.find(name);
    return i == disposition.parameters.end() ? std::string{} : i->second;
  };
  if (auto extended = find("filename*"); !extended.empty()) {
    auto quote = extended.rfind('\'');
    auto plain = percent_decode(
      quote == std::string::npos ? extended : extended.substr(quote + 1));
    if (plain)
      return *plain;
  }
  auto name = find("filename");
  for (auto [escape, plain] :
       {std::pair{"%22", "\""}, std::pair{"%0D", "\r"}, std::pair{"%0A", "\n"}})
    for (size_t at = 0; (at = name.find(escape, at)) != std::string::npos;)
      name.replace(at, 3, plain);
  return name;
}

/// Reads a part that is a file; empty if it is another field.
result<std::optional<form_file>> read_part(std::string_view part) {
  std::optional<form_file> none;
  auto head = part.substr(0, max_part_header);
  auto is_bare = head.substr(0, 2) == "\r\n"; // no header at all
  auto end = is_bare ? 0 : head.find("\r\n\r\n");
  if (end == head.npos)
    return malformed("has a part whose header does not end within "
                     + std::to_string(max_part_header) + " bytes");
  auto lines = parse_lines(head.substr(0, end));
  auto disposition = parse_header(lines["content-disposition"]);
  if (disposition.value != "form-data")
    return malformed("has a part without 'Content-Disposition: form-data'");
  auto encoding = lower_case(lines["content-transfer-encoding"]);
  if (!encoding.empty() && encoding != "binary" && encoding != "8bit"
      && encoding != "7bit")
    return malformed("has a part with Content-Transfer-Encoding: send its "
                     "bytes as they are");
  form_file file;
  file.bytes = part.substr(end + (is_bare ? 2 : 4));
  file.field = disposition.parameters["name"];
  file.filename = name_of(disposition);
  auto is_file = disposition.parameters.count("filename") != 0
                 || disposition.parameters.count("filename*") != 0;
  if (!is_file || (file.filename.empty() && file.bytes.empty()))
    return none;
  return std::optional{std::move(file)};
}

} // namespace

bool is_form(std::string_view content_type) {
  return parse_header(content_type).value == "multipart/form-data";
}

result<std::vector<form_file>> read_form(std::string_view content_type,
                                         std::string_view body) {
  auto boundary = parse_header(content_type).parameters["boundary"];
  if (boundary.empty() || boundary.size() > max_boundary)
    return malformed("names no boundary of 1 to 70 characters in its "
                     "Content-Type");
  std::vector<form_file> files;
  auto first = "--" + boundary;
  auto delimiter = "\r\n" + first;
  size_t at = first.size();
  if (body.substr(0, first.size()) != first) {
    at = body.find(delimiter);
    if (at == body.npos)
      return malformed("does not contain its boundary");
    at += delimiter.size();
  }
  for (size_t parts = 0;; ++parts) {
    body.remove_prefix(at);
    if (body.substr(0, 2) == "--")
      return files;
    if (parts == max_parts)
      return malformed("has more than " + std::to_string(max_parts) + " parts");
    body.remove_prefix(std::min(body.find_first_not_of(" \t"), body.size()));
    auto end = body.find(delimiter);
    if (body.substr(0, 2) != "\r\n" || end == body.npos)
      return malformed("has no end: it was cut off");
    // "\r
    // --x\r
    // --x" is an empty part without any header.
    auto part = end < 2 ? std::string_view{} : body.substr(2, end - 2);
    auto file = read_part(part);
    if (!file)
      return std::move(file.error());
    if (*file)
      files.push_back(std::move(**file));
    at = end + delimiter.size();
  }
}

} // namespace darkroom
