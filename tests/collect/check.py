#!/usr/bin/env python3
"""Checks collect/Get-ReimageFacts.ps1 without a PowerShell, and the requests beside this file, which are what it sends.

    tests/collect/check.py [FOLDER]

FOLDER holds the tables of keys that the service reads; src/report/data/keys if left out. Before anything is checked, the checks
themselves are tried on scripts that are wrong. What this cannot tell is whether the script does what it should on Windows.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "collect" / "Get-ReimageFacts.ps1"
FIXTURES = Path(__file__).parent
DOCUMENT = ROOT / "docs" / "collector.md"
PROTO = ROOT / "proto" / "reimagerights" / "v1"
KEYS = ROOT / "src" / "report" / "data" / "keys"

# Cmdlets of PowerShell 2.0 that the script may call. A newer one, and one that nobody looked at, is in no list.
CMDLETS = {
    "add-type", "get-item", "get-wmiobject", "new-object", "out-string", "remove-item", "set-strictmode", "start-sleep",
    "test-path", "where-object", "write-output", "write-verbose", "write-warning",
}  # fmt: skip
# Operators and parameters that came after 2.0.
NEWER_DASHED = {
    "-in": "3.0", "-notin": "3.0", "-shl": "3.0", "-shr": "3.0", "-raw": "3.0", "-tail": "3.0", "-nonewline": "5.0",
    "-depth": "3.0", "-ashashtable": "6.0", "-parallel": "7.0", "-file": "3.0", "-directory": "3.0",
}  # fmt: skip
# Words that begin a statement of a later language.
NEWER_WORDS = {"class": "5.0", "enum": "5.0", "using": "5.0", "workflow": "3.0", "configuration": "4.0", "parallel": "3.0"}
NEWER_VARIABLES = {"$psitem": "3.0", "$psscriptroot": "3.0", "$pscommandpath": "3.0", "$iswindows": "6.0"}
# What is left of a script without its strings and comments must not match these.
NEWER_SYNTAX = [
    (r"\[ordered\]", "`[ordered]` came with 3.0"),
    (r"\[pscustomobject\]", "`[pscustomobject]` as an object came with 3.0"),
    (r"::new\(", "`::new()` came with 5.0"),
    (r"\.(where|foreach)\(", "methods on any list came with 4.0"),
    (r"positionalbinding", "`PositionalBinding` came with 3.0"),
    (r"\[parameter\([^)]*\b(mandatory|value\w+)\s*[,)]", "`= $true` may be left out since 3.0"),
    (r"\?\?|\?\.|&&|\|\|", "these operators came with 7.0"),
    (r"^\s*\|", "a line may begin with a pipe since 7.0"),
    (r"\*>", "`*>` came with 3.0"),
    (r"\$using:", "`$using:` came with 3.0"),
    (r"isnullorwhitespace|openbasekey|registryview|hasflag|httpclient|\btls1[123]\b", ".NET 2.0 has no such member"),
    (r"\[guid\]::(try)?parse|\[enum\]::tryparse", ".NET 2.0 has no such member"),
    (r"-(eq|ne)\s+\$null\b", "`$null` belongs on the left: on the right, a list is searched for it"),
    (r"get-itemproperty", "reads all values of a key, and some are secret"),
    (r"setshouldexit|environment\]::exit", "the script ends in one place only"),
    (r"invoke-expression|\biex\b|downloadstring", "nothing that comes in is run"),
]
# Properties and values that hold product keys; strings count, comments do not.
SECRETS = r"OA3xOriginalProductKey(?!Description)|DigitalProductId|BackupProductKeyDefault|WinProdKey|ProductKeyID"
# What the service takes for a product key, as `src/wire/product_key.rs` has it.
SIGN = "[B-DF-HJ-NP-RTV-Y2-46-9b-df-hj-np-rtv-y]"
PRODUCT_KEYS = [
    r"(?<![A-Za-z0-9])[A-Za-z0-9]{5}(?:[-‐-―−][A-Za-z0-9]{5}){4}(?![A-Za-z0-9])",
    SIGN + r"{5}(?:[\W_]{1,3}" + SIGN + "{5}){4}",
    r"(?<![A-Za-z0-9])" + SIGN + r"{25}(?![A-Za-z0-9])",
]
LINE_LEN_MAX = 130
OPEN, CLOSE = "({[", ")}]"


class Fault(Exception):
    """A script that cannot be taken apart."""


def tokens(text):
    """The script as (kind, text, line); kinds are comment, string, and code for one word, sign or variable."""
    at, line = 0, 1
    code = re.compile(r"\$\{[^}]*\}|\$[\w:?^$]+|(?<![\w)\]}])-[A-Za-z]\w*|[A-Za-z_][\w]*(?:-[A-Za-z]\w*)*|\d\w*|::|\S")
    while at < len(text):
        end, kind = None, "code"
        if text.startswith("<#", at):
            kind, end = "comment", text.find("#>", at) + 2
            if end < 2:
                raise Fault(f"line {line}: a comment does not end")
        elif text[at] == "#":
            kind, end = "comment", text.find("\n", at)
            end = len(text) if end < 0 else end
        elif here := re.compile(r"@(['\"])[ \t]*\n").match(text, at):
            kind, end = "string", text.find("\n" + here[1] + "@", at) + 3
            if end < 3:
                raise Fault(f"line {line}: a here-string does not end")
        elif text[at] == "'":
            kind, end = "string", single_quoted(text, at, line)
        elif text[at] == '"':
            kind, end = "string", double_quoted(text, at, line)
        elif text[at] == "`":
            end = at + 2
        elif text[at].isspace():
            line += text[at] == "\n"
            at += 1
            continue
        else:
            end = code.match(text, at).end()
        yield kind, text[at:end], line
        line += text.count("\n", at, end)
        at = end


def single_quoted(text, at, line):
    """Where a text in single quotes ends; two of them stand for one."""
    end = at + 1
    while True:
        end = text.find("'", end)
        if end < 0:
            raise Fault(f"line {line}: a single quote does not end")
        if not text.startswith("''", end):
            return end + 1
        end += 2


def double_quoted(text, at, line):
    """Where a text in double quotes ends, with the commands in it."""
    end = at + 1
    while end < len(text):
        if text[end] == "`":
            end += 2
        elif text.startswith('""', end):
            end += 2
        elif text[end] == '"':
            return end + 1
        elif text.startswith("$(", end):
            end = command_end(text, end + 1, line)
        else:
            end += 1
    raise Fault(f"line {line}: a double quote does not end")


def command_end(text, at, line):
    """Where the brackets of a command inside a string close."""
    depth, end = 0, at
    while end < len(text):
        if text[end] == "'":
            end = single_quoted(text, end, line)
            continue
        if text[end] == '"':
            end = double_quoted(text, end, line)
            continue
        depth += (text[end] == "(") - (text[end] == ")")
        end += 1
        if depth == 0:
            return end
    raise Fault(f"line {line}: a command in a string does not end")


def language_faults(text):
    """What PowerShell 2.0 would not take, or take for something else."""
    parts = list(tokens(text))
    yield from bracket_faults(parts)
    defined = {name.lower() for name in re.findall(r"(?mi)^function\s+([\w-]+)", text)}
    before = None
    for kind, part, line in parts:
        if kind == "code":
            word = part.lower()
            if re.fullmatch(r"[a-z]+-[a-z]\w*", word) and word not in CMDLETS | defined and before != "function":
                yield f"line {line}: `{part}` is neither defined here nor in the list of cmdlets of 2.0"
            if word in NEWER_DASHED:
                yield f"line {line}: `{part}` came with {NEWER_DASHED[word]}"
            if word in NEWER_WORDS and before in (None, "}", ";"):
                yield f"line {line}: `{part}` came with {NEWER_WORDS[word]}"
            if word in NEWER_VARIABLES:
                yield f"line {line}: `{part}` came with {NEWER_VARIABLES[word]}"
            before = word
    bare = without(text, parts, {"comment", "string"})
    for pattern, why in NEWER_SYNTAX:
        for found in re.finditer(pattern, bare, re.MULTILINE | re.IGNORECASE):
            yield f"line {bare.count(chr(10), 0, found.start()) + 1}: `{found[0].strip()}`: {why}"
    yield from spelling_faults(bare)
    if not re.search(r"(?mi)^#requires -version 2\.0$", text):
        yield "`#requires -Version 2.0` is missing"


def bracket_faults(parts):
    """Brackets that do not match."""
    opened = []
    for kind, part, line in parts:
        if kind == "code" and part in OPEN:
            opened.append((part, line))
        elif kind == "code" and part in CLOSE:
            if not opened or OPEN.index(opened.pop()[0]) != CLOSE.index(part):
                yield f"line {line}: `{part}` closes nothing"
                return
    if opened:
        yield f"line {opened[-1][1]}: `{opened[-1][0]}` is not closed"


def without(text, parts, kinds):
    """The text with some kinds of parts blanked out, every line where it was."""
    at, pieces = 0, []
    for kind, part, _ in parts:
        start = text.index(part, at)
        pieces.append(text[at:start])
        at = start + len(part)
        pieces.append("\n" * part.count("\n") if kind in kinds else part)
    return "".join(pieces) + text[at:]


def spelling_faults(bare):
    """Letter case does not tell variables apart, so two spellings in one function are one variable by mistake."""
    for body in re.split(r"(?mi)^(?=function\s)", bare):
        name = re.match(r"function\s+([\w-]+)", body)
        spellings = {}
        for variable in re.findall(r"\$(?:script:)?([A-Za-z]\w*)", body):
            spellings.setdefault(variable.lower(), set()).add(variable)
        for variants in spellings.values():
            if len(variants) > 1 and name:
                yield f"{name[1]}: {' and '.join(f'`${variant}`' for variant in sorted(variants))} are one variable"


def file_faults(raw):
    """Bytes that PowerShell 2.0 might read as something else."""
    if not raw.isascii():
        yield "the file holds more than ASCII, which 2.0 reads in the code page of the PC"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        yield "a line does not end in CRLF"
    if not raw.endswith(b"\r\n"):
        yield "the last line does not end"
    for number, line in enumerate(raw.decode("ascii", "replace").splitlines(), 1):
        if len(line) > LINE_LEN_MAX:
            yield f"line {number} is longer than {LINE_LEN_MAX}"
        if line != line.rstrip():
            yield f"line {number} ends in blanks"


def exit_faults(text, document):
    """Ways out whose code is not documented, or is a permission where there is none."""
    parts = list(tokens(text))
    bare = without(text, parts, {"comment"})
    table = re.search(r"(?s)\$Exit = @\{(.*?)\}", bare)
    codes = {name: int(code) for name, code in re.findall(r"(\w+)\s*= (\d+)", table[1])} if table else {}
    helped = {int(code) for code in re.findall(r"(?m)^(\d)  \S", text.partition("EXIT CODES")[2].partition(".PARAMETER")[0])}
    documented = {int(code) for code in re.findall(r"(?m)^\| (\d) \|", document)}
    for place, there in [("the help", helped), ("docs/collector.md", documented)]:
        if there != set(codes.values()):
            yield f"codes {sorted(codes.values())} are used, and {place} has {sorted(there)}"
    if [name for name, code in codes.items() if code == 0] != ["Permitted"]:
        yield "0 stands for something else than `Permitted`"
    exits = [line for kind, part, line in parts if kind == "code" and part.lower() == "exit"]
    if len(exits) != 1 or not bare.rstrip().endswith("exit $script:Code"):
        yield f"`exit` stands on lines {exits}; it belongs at the end, as `exit $script:Code`"
    for name in re.findall(r"\$Exit\.(\w+)", bare):
        if name not in codes:
            yield f"`$Exit.{name}` is no code"
    assigned = re.findall(r"\$script:Code = (.+)", bare)
    if assigned[:1] != ["$Exit.Failed"]:
        yield "the code is not a failure from the beginning"
    for value in assigned:
        if value.strip() not in {"$Exit.Failed", "$Exit.Printed", "$Code", "$ends[$verdict]"}:
            yield f"the code is set to `{value.strip()}`"
    for value in re.findall(r"(?<!function )Stop-Collector (\S+)", bare):
        if not re.fullmatch(r"\$Exit\.(?!Permitted|Printed)\w+|\$code", value):
            yield f"`Stop-Collector {value}` ends with no documented failure"
    permissions = re.findall(r".*\$Exit\.Permitted.*", bare)
    wanted = [r"\s*'VERDICT_PERMITTED'\s*= \$Exit\.Permitted\s*", r"\s*if \(\$script:Code -eq \$Exit\.Permitted\) \{\s*"]
    if len(permissions) != 2 or not all(re.fullmatch(want, line) for want, line in zip(wanted, permissions)):
        yield "`$Exit.Permitted` stands elsewhere than beside `VERDICT_PERMITTED` and where failures are caught"


def secret_faults(text):
    """Properties that hold keys, and ways to read more than what is named."""
    bare = without(text, list(tokens(text)), {"comment"})
    for found in re.finditer(SECRETS, bare, re.IGNORECASE):
        yield f"`{found[0]}` holds a product key"
    if len(re.findall("PartialProductKey", bare)) != len(re.findall("WHERE PartialProductKey IS NOT NULL", bare)):
        yield "`PartialProductKey` is more than looked for"
    for found in re.findall(r"SELECT \* FROM (\w+)", bare):
        if found != "Win32_OperatingSystem":
            yield f"all of `{found}` is read"
    for found in re.findall(r"\.GetValue\(([^)]*)\)", bare):
        if found != "$name":
            yield f"the registry value `{found}` is read beside the list of what is sent"
    for found in re.findall(r"GetSystemFirmwareTable\(\$acpi, (\S+),", bare):
        if found != "$slic":
            yield f"the firmware's table `{found}` is read"
    parameters = text.partition("param(")[2].partition("\n)")[0]
    for found in re.findall(r"(?i)\[string\]\$(token|password|secret|productkey)\b", parameters):
        yield f"`-{found}` would put a secret on command lines"


def help_faults(text):
    """Help that does not tell of every parameter."""
    comment = re.search(r"(?s)<#(.*?)#>", text)
    comment = comment[1] if comment else ""
    for section in [".SYNOPSIS", ".DESCRIPTION", ".EXAMPLE", ".NOTES"]:
        if not re.search(rf"(?m)^\{section}$", comment):
            yield f"the help has no `{section}`"
    described = re.findall(r"(?m)^\.PARAMETER (\w+)$", comment)
    block = text.partition("param(")[2].partition("\n)")[0]
    declared = re.findall(r"(?m)^    \[(?:string|switch|object\[\])\]\$(\w+),?$", block)
    if described != declared:
        odd = sorted(set(described) ^ set(declared)) or ["their order"]
        yield f"parameters and their help differ: {', '.join(odd)}"


def sent(text):
    """The script's own list of what it sends: tool and key."""
    table = text.partition("$Sent = @{")[2].partition("\n}")[0]
    for tool, keys in re.findall(r"(?s)'([\w-]+)' = @\((.*?)\n    \)", table):
        yield from ((tool, key) for key in re.findall(r"'([^']+)'", keys))


def reports(request):
    """Every report of a request."""
    for license in request.get("device", {}).get("licenses", []):
        yield license.get("reports", [])
    yield request.get("image", {}).get("reports", [])


def fixture_faults(name, text):
    """A request that the service would not take, or that the script would write otherwise."""
    request = json.loads(text)
    if text != json.dumps(request, indent=2) + "\n":
        yield f"{name}: not as the script writes it"
    for pattern in PRODUCT_KEYS:
        if re.search(pattern, text):
            yield f"{name}: holds what looks like a product key"
    for group in reports(request):
        if len(group) > 8:
            yield f"{name}: more than 8 reports on one thing"
        for report in group:
            values = report.get("values", {})
            if len(values) > 64 or any(len(value.encode()) > 1024 for value in values.values()):
                yield f"{name}: too many or too long values of `{report['tool']}`"
            if len(report.get("text", "").encode()) > 16384:
                yield f"{name}: too long a text of `{report['tool']}`"
            if set(report) - {"tool", "values", "text"}:
                yield f"{name}: a report of `{report['tool']}` has more than tool, values and text"


def carried(requests):
    """Tool and key of everything that requests carry."""
    for request in requests:
        for report in (report for group in reports(request) for report in group):
            yield from ((report["tool"], re.sub(r"\[\d+\]", "", key)) for key in report.get("values", {}))
            if "text" in report:
                yield report["tool"], "(text)"


def coverage_faults(text, requests):
    """What is sent and no fixture shows, and the other way round."""
    from_script, from_fixtures = set(sent(text)), set(carried(requests))
    for tool, key in sorted(from_script - from_fixtures):
        yield f"no fixture shows `{key}` of `{tool}`"
    for tool, key in sorted(from_fixtures - from_script):
        yield f"a fixture shows `{key}` of `{tool}`, which the script does not send"


def enum_faults(text, proto):
    """Names that the wire does not have, and names of the wire that the script does not take."""
    strings = [part.strip("'") for kind, part, _ in tokens(text) if kind == "string"]
    prefixes = {string for string in strings if re.fullmatch(r"[A-Z]+(_[A-Z]+)*_", string)} - {"OUTCOME_", "BASIS_", "VERDICT_"}
    names = {string for string in strings if re.fullmatch(r"[A-Z]+(_[A-Z]+)*", string)}
    known = set(re.findall(r"(?m)^  ([A-Z_]+) = \d+;", proto))
    for prefix in prefixes:
        values = {value for value in known if value.startswith(prefix)}
        if not values:
            yield f"the wire has no values that begin with `{prefix}`"
        for value in sorted(values - {prefix + "UNSPECIFIED"}):
            if value.removeprefix(prefix) not in names:
                yield f"`{value}` of the wire is not taken"
    for name in sorted(names - {"ACPI_SLIC", "MSDM", "NONE", "POST", "SLIC", "X"}):
        if name not in known and not any(prefix + name in known for prefix in prefixes):
            yield f"`{name}` is no value of the wire"


def table_faults(text, folder):
    """Keys that the service does not read."""
    tables = {}
    for file in folder.glob("*.toml"):
        table = tomllib.loads(file.read_text())
        fold = {re.sub(r"[^a-z0-9]", "", key["key"].lower()): key["means"] for key in table["keys"]}
        tables[table["tool"]] = fold
    for tool, key in sent(text):
        if tool not in tables:
            yield f"the service has no tool `{tool}`"
            continue
        name = re.sub(r"[^a-z0-9]", "", key.rpartition(".")[2].lower())
        means = tables[tool].get(name)
        if key != "(text)" and means in (None, "secret"):
            yield f"the service does not read `{key}` of `{tool}`"


def code_faults(text, folder):
    """Product codes of Office that the script takes for another family than the service does."""
    for name, file in (("codes", "office-msi.toml"), ("codes2003", "office-2003-msi.toml")):
        table = re.search(rf"\${name} = @\{{(.*?)\}}", text, re.DOTALL)
        taken = dict(re.findall(r"'(\w+)' = '(\w+)'", table[1] if table else ""))
        if not taken:
            yield f"the script has no `${name}`"
        for row in tomllib.loads((folder.parent / file).read_text())["rows"]:
            family = taken.get(row["product"], "Office")
            if family != row["family"]:
                yield f"`{row['product']}` of `${name}` is `{row['family']}` to the service and `{family}` to the script"


def script_faults(raw, document, requests, proto):
    """Everything that is wrong with a script."""
    text = raw.decode("ascii", "replace").replace("\r\n", "\n")
    yield from file_faults(raw)
    try:
        yield from language_faults(text)
        yield from exit_faults(text, document)
        yield from secret_faults(text)
        yield from help_faults(text)
        yield from coverage_faults(text, requests)
        yield from enum_faults(text, proto)
    except Fault as fault:
        yield str(fault)


# What is put in place of a part of the script, and a word of the fault that has to be found.
WRONG = [
    ("exit $script:Code", "exit 0", "`exit` stands on"),
    ("        return\n", "        exit 0\n", "`exit` stands on"),
    ("$script:Code = $Exit.Failed", "$script:Code = $Exit.Permitted", "not a failure from the beginning"),
    ("Stop-Collector $Exit.NoVerdict", "Stop-Collector $Exit.Permitted", "ends with no documented failure"),
    ("Stop-Collector $Exit.Usage", "Stop-Collector 42", "ends with no documented failure"),
    ("Stop-Collector $Exit.Usage", "Stop-Collector $Exit.Oops", "is no code"),
    ("    Usage         = 2", "    Usage         = 12", "codes ["),
    ("'VERDICT_NOT_PERMITTED' = $Exit.NotPermitted", "'VERDICT_NOT_PERMITTED' = $Exit.Permitted", "stands elsewhere"),
    ("$key.GetValue($name)", "$key.GetValue('DigitalProductId')", "`DigitalProductId` holds a product key"),
    ("SELECT OA3xOriginalProductKeyDescription", "SELECT OA3xOriginalProductKey", "holds a product key"),
    ("SELECT SerialNumber FROM", "SELECT * FROM", "all of `Win32_BIOS` is read"),
    ("'SELECT SerialNumber FROM", "'SELECT PartialProductKey FROM", "is more than looked for"),
    ("GetSystemFirmwareTable($acpi, $slic,", "GetSystemFirmwareTable($acpi, $msdm,", "table `$msdm` is read"),
    ("    [string]$TokenFile,", "    [string]$Token,", "secret on command lines"),
    ("        'ProductName',\n", "", "a fixture shows `ProductName`"),
    ("        'ProductName',\n", "        'ProductName',\n        'ProductColor',\n", "no fixture shows `ProductColor`"),
    (".PARAMETER Labels\n", ".PARAMETER Label\n", "parameters and their help differ"),
    (".SYNOPSIS\n", "", "no `.SYNOPSIS`"),
    ("'RETAIL_MEDIA'", "'SHOP_MEDIA'", "`MEDIA_SOURCE_RETAIL_MEDIA` of the wire is not taken"),
    ("'RETAIL_MEDIA'", "'RETAIL_MEDIA', 'SHOP_MEDIA'", "`SHOP_MEDIA` is no value"),
    ("Get-WmiObject -Query", "Get-CimInstance -Query", "`Get-CimInstance` is neither"),
    ("Write-Output $json", "$request | ConvertTo-Json", "`ConvertTo-Json` is neither"),
    ("-notcontains $serial", "-notin $serial", "`-notin` came with 3.0"),
    ("$object = New-Object Collections.Hashtable", "$object = [ordered]@{}", "`[ordered]` came with 3.0"),
    ("if ($text.Trim() -or", "if (-not [string]::IsNullOrWhiteSpace($text) -or", ".NET 2.0 has no such member"),
    ("[Enum]::ToObject([Net.SecurityProtocolType], 3072)", "[Net.SecurityProtocolType]::Tls12", ".NET 2.0 has no such member"),
    ("$_.ApplicationID -ne", "$PSItem.ApplicationID -ne", "`$PSItem` came with 3.0"),
    ("ValueFromRemainingArguments = $true", "ValueFromRemainingArguments", "may be left out since 3.0"),
    ("$null -ne $sequence", "$sequence -ne $null", "belongs on the left"),
    ("$of, $property", "$class, $property", "are one variable"),
    ("function Get-Ending($Answer) {\n", "class Ending {}\n\nfunction Get-Ending($Answer) {\n", "`class` came with 5.0"),
    ("function New-Map {\n", "function New-Map {{\n", "is not closed"),
    ("function New-Map {\n", "function New-Map {)\n", "closes nothing"),
    ("$masked = '(product key masked)'", "$masked = '(product key masked)", "is not closed"),
    ('return "HTTP status $($Answer.Status)"', 'return "HTTP status $($Answer.Status"', "does not end"),
    ("'@\n        $acpi", "'\n        $acpi", "a here-string does not end"),
    ("\n#>\n", "\n", "a comment does not end"),
    ("#requires -Version 2.0", "#requires -Version 3.0", "is missing"),
    ("masked)'", "masked)\u2026'", "more than ASCII"),
    ("$at = 36\n", "$at = 36 \n", "ends in blanks"),
]


def self_test(raw, document, requests, proto, folder):
    """Makes the script wrong in each of these ways and looks whether that is found."""
    text = raw.decode("ascii").replace("\r\n", "\n")
    for good, bad, fault in WRONG:
        assert good in text, f"the self-test looks for `{good}`, which is not in the script any more"
        wrong = text.replace(good, bad, 1).encode("utf-8").replace(b"\n", b"\r\n")
        found = list(script_faults(wrong, document, requests, proto))
        assert any(fault in message for message in found), f"`{bad}` is not found, but {found}"
    found = list(script_faults(text.encode(), document, requests, proto))
    assert any("CRLF" in message for message in found), "line ends are not looked at"
    for change, fault in [
        ({"tool": "wmi", "values": {"ACPI_SLIC": "BBBBB-CCCCC-DDDDD-FFFFF-GGGGG"}}, "product key"),
        ({"tool": "wmi", "values": {"ACPI_SLIC": "x" * 1025}}, "too long values"),
        ({"tool": "ospp", "text": "x" * 16385}, "too long a text"),
    ]:
        wrong = json.dumps({"image": {"reports": [change]}}, indent=2) + "\n"
        assert any(fault in message for message in fixture_faults("", wrong)), f"`{fault}` is not found"
    assert any("not as the script" in message for message in fixture_faults("", "{}")), "the form of a request is not looked at"
    if folder.is_dir():
        for key in ["DigitalProductId", "ProductColor"]:
            assert list(table_faults(text.replace("'ProductId'", f"'{key}'"), folder)), f"`{key}` is taken for a key that is read"
        for good, bad in [("'51' = 'Visio'", "'51' = 'Office'"), ("'3A' = 'Project'; ", ""), ("'0053' = 'Visio'", "'0053' = 'Word'")]:
            assert good in text, f"the self-test looks for `{good}`, which is not in the script any more"
            assert list(code_faults(text.replace(good, bad), folder)), f"`{bad}` is not found"


def main():
    """Exits with 1 where something is wrong."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else KEYS
    raw = SCRIPT.read_bytes()
    document = DOCUMENT.read_text()
    proto = "".join(file.read_text() for file in sorted(PROTO.glob("*.proto")))
    files = {file.name: file.read_text() for file in sorted(FIXTURES.glob("*.json"))}
    requests = [json.loads(text) for text in files.values()]
    faults = list(script_faults(raw, document, requests, proto))
    for name, text in files.items():
        faults += fixture_faults(name, text)
    if folder.is_dir():
        text = raw.decode("ascii", "replace").replace("\r\n", "\n")
        faults += table_faults(text, folder)
        faults += code_faults(text, folder)
    else:
        print(f"{folder} is not there: whether the service reads what is sent was not looked at")
    if faults:
        print("\n".join(faults))
        return 1
    self_test(raw, document, requests, proto, folder)
    print(f"{SCRIPT.name}: nothing wrong was found, and {len(WRONG)} wrong ones were; {len(files)} requests")
    return 0


if __name__ == "__main__":
    sys.exit(main())
