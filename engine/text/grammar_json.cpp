// SPDX-License-Identifier: Apache-2.0
#include "grammar.h"

#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace plimsoll::engine {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t mostRules = 5000;
constexpr uint32_t deepest = 60;

/// JSON itself. White space is bounded, or a model could go on with it for ever.
constexpr std::string_view jsonRules = R"gbnf(
value ::= object | array | string | number | "true" | "false" | "null"
object ::= "{" ws ( member ("," ws member)* )? "}" ws
member ::= string ":" ws value
array ::= "[" ws ( value ("," ws value)* )? "]" ws
string ::= "\"" char* "\"" ws
char ::= [^"\\\x00-\x1F\x7F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})
integer ::= "-"? ("0" | [1-9] [0-9]{0,17}) ws
number ::= "-"? ("0" | [1-9] [0-9]{0,17}) ("." [0-9]{1,17})? ([eE] [-+]? [0-9]{1,3})? ws
ws ::= | " " | "\n" [ \t]{0,20}
)gbnf";

struct Failure
{
    std::string keyword;
};

/// A schema as rules of GBNF.
class SchemaWriter
{
public:
    explicit SchemaWriter(const Json &root) : m_root(root) {}

    std::string run()
    {
        const std::string top = expression(m_root, 0);
        return "root ::= " + top + "\n" + m_rules + std::string(jsonRules);
    }

private:
    static std::string quoted(const std::string &text)
    {
        std::string result = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\')
                result += '\\';
            if (c == '\n')
                result += "\\n";
            else
                result += c;
        }
        return result + "\"";
    }

    static std::string literal(const Json &value)
    {
        return quoted(value.dump(-1, ' ', false, Json::error_handler_t::replace)) + " ws";
    }

    std::string newRule(const std::string &body)
    {
        if (++m_count > mostRules)
            throw Failure{"size"};
        const std::string name = "s" + std::to_string(m_count);
        m_rules += name + " ::= " + body + "\n";
        return name;
    }

    static uint64_t count(const Json &schema, const char *keyword, uint64_t otherwise)
    {
        const auto found = schema.find(keyword);
        if (found == schema.end())
            return otherwise;
        if (!found->is_number_unsigned() || found->get<uint64_t>() > 2000)
            throw Failure{keyword};
        return found->get<uint64_t>();
    }

    static std::string bounds(uint64_t least, uint64_t most)
    {
        return "{" + std::to_string(least) + "," + (most == UINT64_MAX ? "" : std::to_string(most)) + "}";
    }

    std::string anyOf(const Json &schemas, uint32_t depth)
    {
        if (!schemas.is_array() || schemas.empty())
            throw Failure{"anyOf"};
        std::string result;
        for (const Json &each : schemas)
            result += (result.empty() ? "" : " | ") + expression(each, depth + 1);
        return "(" + result + ")";
    }

    /// The rule of a schema that is named elsewhere; one that refers to itself refers to its rule.
    std::string reference(const Json &target, uint32_t depth)
    {
        const std::string path = target.is_string() ? target.get<std::string>() : std::string();
        if (!path.starts_with("#"))
            throw Failure{"$ref"};
        if (const auto known = m_references.find(path); known != m_references.end())
            return known->second;
        const Json *schema = &m_root;
        if (path.size() > 1) {
            try {
                schema = &m_root.at(Json::json_pointer(path.substr(1)));
            } catch (const Json::exception &) {
                throw Failure{"$ref"};
            }
        }
        const std::string name = "r" + std::to_string(m_references.size());
        m_references.emplace(path, name);
        const std::string body = expression(*schema, depth + 1);
        m_rules += name + " ::= " + body + "\n";
        return name;
    }

    std::string expression(const Json &schema, uint32_t depth)
    {
        if (depth > deepest)
            throw Failure{"nesting"};
        if (schema.is_boolean() && schema.get<bool>())
            return "value";
        if (!schema.is_object())
            throw Failure{"schema"};
        for (const char *keyword : {"pattern", "not", "if", "patternProperties", "prefixItems", "dependentSchemas", "contains"}) {
            if (schema.contains(keyword))
                throw Failure{keyword};
        }
        if (schema.contains("$ref"))
            return reference(schema["$ref"], depth);
        if (schema.contains("const"))
            return literal(schema["const"]);
        if (schema.contains("enum")) {
            std::string result;
            for (const Json &value : schema["enum"])
                result += (result.empty() ? "" : " | ") + literal(value);
            if (result.empty())
                throw Failure{"enum"};
            return "(" + result + ")";
        }
        for (const char *keyword : {"anyOf", "oneOf"}) {
            if (schema.contains(keyword))
                return anyOf(schema[keyword], depth);
        }
        if (schema.contains("allOf")) {
            if (!schema["allOf"].is_array() || schema["allOf"].size() != 1)
                throw Failure{"allOf"};
            return expression(schema["allOf"][0], depth + 1);
        }
        return typed(schema, depth);
    }

    std::string typed(const Json &schema, uint32_t depth)
    {
        Json type = schema.contains("type") ? schema["type"] : Json();
        if (type.is_array()) {
            Json choices = Json::array();
            for (const Json &each : type) {
                choices.push_back(schema);
                choices.back()["type"] = each;
            }
            return anyOf(choices, depth);
        }
        if (type.is_null())
            type = schema.contains("properties") ? "object" : schema.contains("items") ? "array" : "";
        if (type == "object")
            return object(schema, depth);
        if (type == "array")
            return array(schema, depth);
        if (type == "string" && (schema.contains("minLength") || schema.contains("maxLength"))) {
            const std::string length = bounds(count(schema, "minLength", 0), count(schema, "maxLength", UINT64_MAX));
            return newRule("\"\\\"\" char" + length + " \"\\\"\" ws");
        }
        if (type == "string" || type == "integer" || type == "number")
            return type.get<std::string>();
        if (type == "boolean")
            return "(\"true\" | \"false\") ws";
        if (type == "null")
            return "\"null\" ws";
        if (type == "")
            return "value";
        throw Failure{"type"};
    }

    std::string array(const Json &schema, uint32_t depth)
    {
        const uint64_t least = count(schema, "minItems", 0);
        const uint64_t most = count(schema, "maxItems", UINT64_MAX);
        if (least > most)
            throw Failure{"minItems"};
        const std::string item = newRule(schema.contains("items") ? expression(schema["items"], depth + 1) : "value");
        if (most == 0)
            return "\"[\" ws \"]\" ws";
        const std::string more = "(\",\" ws " + item + ")" + bounds(least ? least - 1 : 0, most == UINT64_MAX ? most : most - 1);
        return newRule("\"[\" ws " + (least ? item + " " + more : "(" + item + " " + more + ")?") + " \"]\" ws");
    }

    /// Members in the order of the schema, those not required may be left out; what else there may be comes behind them. The members from
    /// one on become two rules: one for where none has come before, one for where a comma is needed.
    std::string object(const Json &schema, uint32_t depth)
    {
        const Json properties = schema.contains("properties") ? schema["properties"] : Json::object();
        if (!properties.is_object())
            throw Failure{"properties"};
        std::set<std::string> required;
        if (const auto list = schema.find("required"); list != schema.end()) {
            for (const Json &each : *list)
                required.insert(each.get<std::string>());
        }
        const Json additional = schema.contains("additionalProperties") ? schema["additionalProperties"] : Json(properties.empty());
        std::string first = "\"\"";    // rule for the rest where nothing has come
        std::string later = first;        // and where something has
        if (additional != false) {
            const std::string member = newRule("string \":\" ws " + expression(additional, depth + 1));
            later = newRule("(\",\" ws " + member + ")*");
            first = newRule("(" + member + " " + later + ")?");
        }
        std::vector<std::pair<std::string, const Json *>> members;
        for (const auto &[name, property] : properties.items())
            members.emplace_back(name, &property);
        for (auto member = members.rbegin(); member != members.rend(); ++member) {
            const std::string body = newRule(literal(member->first) + " \":\" ws " + expression(*member->second, depth + 1));
            const bool must = required.contains(member->first);
            const std::string begins = body + " " + later;
            const std::string goesOn = "\",\" ws " + body + " " + later;
            first = newRule(must ? begins : begins + " | " + first);
            later = newRule(must ? goesOn : goesOn + " | " + later);
        }
        return newRule("\"{\" ws " + first + " \"}\" ws");
    }

    const Json &m_root;
    std::string m_rules;
    size_t m_count = 0;
    std::map<std::string, std::string> m_references;
};

} // namespace

Result<Grammar> Grammar::ofJsonSchema(const Json &schema)
{
    if (schema.is_null())
        return parse("root ::= object\n" + std::string(jsonRules));
    try {
        return parse(SchemaWriter(schema).run());
    } catch (const Failure &failure) {
        return Error{ErrorCode::InvalidArgument, {"json_schema", failure.keyword, "types, properties, items, enum, const, anyOf, $ref"}};
    } catch (const Json::exception &) {
        return Error{ErrorCode::InvalidArgument, {"json_schema", "schema", "types, properties, items, enum, const, anyOf, $ref"}};
    }
}

} // namespace plimsoll::engine
