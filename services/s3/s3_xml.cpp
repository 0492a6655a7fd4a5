#include "services/s3/s3_xml.hpp"

#include "services/http/message.hpp"
#include "services/s3/s3_text.hpp"

#include <tinyxml2.h>

#include <cstring>

namespace darkroom {

namespace {

/// The text of a child; empty if there is none.
std::string text_of(const tinyxml2::XMLElement& parent, const char* name) {
  const auto* child = parent.FirstChildElement(name);
  const auto* text = child != nullptr ? child->GetText() : nullptr;
  return text != nullptr ? text : "";
}

/// The root of the document, if it has this name. The elements live as long as
/// `document`.
const tinyxml2::XMLElement* root_of(tinyxml2::XMLDocument& document,
                                    const std::string& xml, const char* name) {
  if (document.Parse(xml.data(), xml.size()) != tinyxml2::XML_SUCCESS)
    return nullptr;
  const auto* root = document.RootElement();
  return root != nullptr && std::strcmp(root->Name(), name) == 0 ? root
                                                                 : nullptr;
}

error no_such_answer(const char* what) {
  return fail(ec::protocol, std::string{"the answer has no "} + what
                              + ": is this an S3 server?");
}

} // namespace

s3_refusal read_refusal(const std::string& xml) {
  tinyxml2::XMLDocument document;
  const auto* root = root_of(document, xml, "Error");
  if (root == nullptr)
    return {};
  return {text_of(*root, "Code"), text_of(*root, "Message")};
}

result<s3_page> read_page(const std::string& xml) {
  tinyxml2::XMLDocument document;
  const auto* root = root_of(document, xml, "ListBucketResult");
  if (root == nullptr)
    return no_such_answer("ListBucketResult");
  auto is_encoded = text_of(*root, "EncodingType") == "url";
  s3_page out;
  for (const auto* x = root->FirstChildElement("Contents"); x != nullptr;
       x = x->NextSiblingElement("Contents")) {
    s3_object object;
    object.key = text_of(*x, "Key");
    if (is_encoded)
      object.key = percent_decode(object.key, true).value_or(object.key);
    const auto* size = x->FirstChildElement("Size");
    if (size != nullptr)
      object.size = size->Unsigned64Text();
    object.changed_at = read_s3_time(text_of(*x, "LastModified"));
    if (!object.key.empty())
      out.objects.push_back(std::move(object));
  }
  if (text_of(*root, "IsTruncated") == "true")
    out.next = text_of(*root, "NextContinuationToken");
  return out;
}

result<std::string> read_upload_id(const std::string& xml) {
  tinyxml2::XMLDocument document;
  const auto* root = root_of(document, xml, "InitiateMultipartUploadResult");
  auto id = root != nullptr ? text_of(*root, "UploadId") : std::string{};
  if (id.empty())
    return no_such_answer("UploadId");
  return id;
}

} // namespace darkroom
