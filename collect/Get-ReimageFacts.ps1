#requires -Version 2.0

<#
.SYNOPSIS
Gathers what a PC can tell of its licenses, asks reimage-rights whether an image may go on it, and exits with the answer.

.DESCRIPTION
Reads facts from WMI, the registry, the firmware and Office, puts them beside what you state, and posts them as one CheckRequest
to <Server>/v1/check. Nothing on the PC is changed, but for a registry hive that -OfflineWindows mounts for a moment and a
certificate that -TrustCaFile adds in Windows PE.

What runs on a PC is not what it is licensed for: a fact that cannot be read has to be stated by a parameter, or stays unknown,
and the answer then names it.

Product keys are never sent: no property or value that holds one is read, and what looks like one in any text is masked.

Runs in Windows PowerShell 2.0 to 5.1, 64-bit on 64-bit Windows, as an administrator or as SYSTEM. PowerShell 6 and later lack
Get-WmiObject and are refused.

Lists take their entries in one text, with semicolons between them.

EXIT CODES
0  PERMITTED: image the PC. No other code allows it.
1  Something failed that has no code of its own.
2  A parameter, a file or this PowerShell is not right; nothing was sent.
3  NOT PERMITTED.
4  INDETERMINATE: the answer names the facts to find out.
5  The service refused the request; the answer says what is wrong with it.
6  The service did not take the credentials.
7  The service was not reached, or was too busy for as long as was allowed.
8  An answer came that holds no verdict.
9  -PrintRequest: the request was printed, and nothing was asked.

In a task sequence the variables ReimageRightsVerdict (PERMITTED, NOT_PERMITTED, INDETERMINATE, or NONE) and
ReimageRightsDecisionId are set, too.

.PARAMETER Server
Where the service is, such as https://imaging.example.com:8443.

.PARAMETER TokenFile
File that holds the token and nothing else. The token is never a parameter itself, since command lines get into logs.

.PARAMETER TokenVariable
Task sequence variable that holds the token; make it a hidden one. Without this and -TokenFile, the environment variable
REIMAGE_RIGHTS_TOKEN counts.

.PARAMETER RequestId
Key of this request, so that it is decided once however often it is sent. Left out: a new one for every run, the same for all
tries of a run.

.PARAMETER DeviceId
Name of the PC in the record. Left out: the serial number in the firmware, else its UUID, else the computer's name.

.PARAMETER Unlicensed
The PC holds no license at all. Then nothing is gathered about licenses.

.PARAMETER LicenseProduct
What the Windows license is for, such as "Windows 7 Professional".

.PARAMETER LicenseLanguage
Language of the Windows license, such as en-US.

.PARAMETER LicenseChannel
How the Windows license was acquired: OEM, FPP, VOLUME or OTHER_AGREEMENT.

.PARAMETER LicenseKind
FULL or UPGRADE.

.PARAMETER BaseProduct
With -LicenseChannel VOLUME: what the license under the volume license of Windows is for, such as "Windows 7 Professional", or
"none". Left out: what the firmware tells of it.

.PARAMETER BaseChannel
With -LicenseChannel VOLUME: how the license under it was acquired, OEM, FPP or OTHER_AGREEMENT. Left out: what the firmware
tells.

.PARAMETER CoaProduct
Product on the Certificate of Authenticity label of the PC.

.PARAMETER PreinstalledProduct
Product that the maker of the PC preinstalled.

.PARAMETER PriorVersions
List of the earlier products that the terms of the Windows license allow instead, or "none".

.PARAMETER SoftwareAssurance
Whether Software Assurance covers Windows on this PC: yes or no.

.PARAMETER LicenseEvidence
Free text kept with the decision, such as the number of an invoice.

.PARAMETER OfficeChannel
How the Office licenses that are found were acquired: OEM, FPP, VOLUME or OTHER_AGREEMENT.

.PARAMETER OfficeProducts
List of what the Office licenses are for, such as "Office Professional Plus 2019; Visio Standard 2019". State it for volume
licenses: what runs by a volume key shows what was deployed, and not what was bought. Left out: whatever Office is found.

.PARAMETER SkipOffice
Do not look for Office. The request then lists no license for it.

.PARAMETER ImageId
Name of the image.

.PARAMETER ImageDigest
Digest of the image file, such as the SHA-256 of the WIM.

.PARAMETER ImageProducts
List of what the image puts on the PC, such as "Windows 7 Professional; Office Standard 2010". Left out: one product, of which
only -ImageReportFile tells.

.PARAMETER ImageLanguage
Language of all products in the image, such as en-US, or mui.

.PARAMETER ImageReportFile
File with what DISM /Get-ImageInfo (/Get-WimInfo on Windows 7) or Get-WindowsImage printed of the image.

.PARAMETER ImageIndex
Which of several images in that file it is.

.PARAMETER MediaSource
Where the media of the image came from: VLSC_DOWNLOAD, VOLUME_DISC_KIT, OEM_MEDIA, OEM_RECOVERY_MEDIA, RETAIL_MEDIA or OTHER.

.PARAMETER MediaKind
FULL or UPGRADE.

.PARAMETER MediaAgreementNumber
Number of the agreement under which the media were provided.

.PARAMETER Deployment
STANDARD_IMAGE, INDIVIDUAL_RECOVERY or FACTORY_PRELOAD.

.PARAMETER PerformedBy
ORGANIZATION, SERVICE_PROVIDER or OEM.

.PARAMETER AgreementProgram
Volume licensing program: SELECT_PLUS, SELECT_LICENSE, ENTERPRISE_AGREEMENT, ENTERPRISE_AGREEMENT_SUBSCRIPTION, CAMPUS_AGREEMENT,
SCHOOL_AGREEMENT, OPEN_LICENSE, OPEN_VALUE, OPEN_VALUE_SUBSCRIPTION, OTHER_VOLUME or NONE.

.PARAMETER AgreementNumber
Number of the customer's agreement.

.PARAMETER Purchases
List of what was bought under that number, each with its quantity where that is known: "Windows 7 Professional=10", or "none".

.PARAMETER Labels
List of marks for finding the decision again: "site=Berlin; ticket=4711".

.PARAMETER OfflineWindows
In Windows PE: folder of the Windows that was on the PC, such as D:\Windows. Its registry is mounted, read and let go.

.PARAMETER OutFile
Where to keep the answer as it came. With -PrintRequest: where to write the request instead of printing it.

.PARAMETER PrintRequest
Print the request and ask nothing. Exits with 9.

.PARAMETER TimeoutSeconds
How long one try may take, 1 to 3600. 30 when left out.

.PARAMETER RetryMax
How often to try again where the service was not reached or was busy, 0 to 100. 5 when left out.

.PARAMETER WaitMaxSeconds
How long all tries together may wait, 0 to 86400. 300 when left out.

.PARAMETER TrustCaFile
In Windows PE only: certificate of the authority that signed the server's, to be trusted until Windows PE ends.

.PARAMETER AllowHttp
Take http:// for a server on another machine. Whoever is on the way can then change the answer; a token is never sent so.

.PARAMETER Rest
Takes what is no parameter, in order to refuse it with a code.

.EXAMPLE
powershell.exe -NoProfile -ExecutionPolicy Bypass -File Get-ReimageFacts.ps1 -PrintRequest -ImageProducts "Windows 7 Professional"

Shows what would be sent.

.EXAMPLE
powershell.exe -NoProfile -ExecutionPolicy Bypass -File Get-ReimageFacts.ps1 -Server https://imaging.example.com:8443
-TokenVariable ReimageRightsToken -ImageId corporate-7 -ImageProducts "Windows 7 Professional" -ImageLanguage en-US
-MediaSource VLSC_DOWNLOAD -Deployment STANDARD_IMAGE -AgreementProgram SELECT_PLUS -AgreementNumber S7012345

In a task sequence, on one line.

.EXAMPLE
powershell.exe -NoProfile -ExecutionPolicy Bypass -File Get-ReimageFacts.ps1 -Server https://imaging.example.com:8443
-TokenFile X:\token.txt -TrustCaFile X:\ca.cer -OfflineWindows D:\Windows -ImageReportFile X:\image.txt -ImageIndex 1

In Windows PE, on one line.

.NOTES
Part of reimage-rights; see docs/collector.md there.
#>
[CmdletBinding()]
param(
    [string]$Server,
    [string]$TokenFile,
    [string]$TokenVariable,
    [string]$RequestId,
    [string]$DeviceId,
    [switch]$Unlicensed,
    [string]$LicenseProduct,
    [string]$LicenseLanguage,
    [string]$LicenseChannel,
    [string]$LicenseKind,
    [string]$BaseProduct,
    [string]$BaseChannel,
    [string]$CoaProduct,
    [string]$PreinstalledProduct,
    [string]$PriorVersions,
    [string]$SoftwareAssurance,
    [string]$LicenseEvidence,
    [string]$OfficeChannel,
    [string]$OfficeProducts,
    [switch]$SkipOffice,
    [string]$ImageId,
    [string]$ImageDigest,
    [string]$ImageProducts,
    [string]$ImageLanguage,
    [string]$ImageReportFile,
    [string]$ImageIndex,
    [string]$MediaSource,
    [string]$MediaKind,
    [string]$MediaAgreementNumber,
    [string]$Deployment,
    [string]$PerformedBy,
    [string]$AgreementProgram,
    [string]$AgreementNumber,
    [string]$Purchases,
    [string]$Labels,
    [string]$OfflineWindows,
    [string]$OutFile,
    [switch]$PrintRequest,
    [string]$TimeoutSeconds,
    [string]$RetryMax,
    [string]$WaitMaxSeconds,
    [string]$TrustCaFile,
    [switch]$AllowHttp,
    [Parameter(Position = 0, ValueFromRemainingArguments = $true)]
    [object[]]$Rest
)

Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

# Every code this script ends with. Permitted stands for one thing only.
$Exit = @{
    Permitted     = 0
    Failed        = 1
    Usage         = 2
    NotPermitted  = 3
    Indeterminate = 4
    Refused       = 5
    NotAllowed    = 6
    Unreachable   = 7
    NoVerdict     = 8
    Printed       = 9
}
# Whatever goes wrong from here on, it is not taken for a permission.
$script:Code = $Exit.Failed

# Everything that reports may hold, by tool. New-Report sends nothing else. `(text)`: lines, as the tool prints them.
$Sent = @{
    'wmi' = @(
        'Win32_OperatingSystem.Caption',
        'Win32_OperatingSystem.Version',
        'Win32_OperatingSystem.BuildNumber',
        'Win32_OperatingSystem.OperatingSystemSKU',
        'Win32_OperatingSystem.OSLanguage',
        'Win32_OperatingSystem.MUILanguages',
        'Win32_OperatingSystem.OSArchitecture',
        'Win32_OperatingSystem.ProductType',
        'Win32_OperatingSystem.OtherTypeDescription',
        'Win32_OperatingSystem.SerialNumber',
        'SoftwareLicensingProduct.ApplicationID',
        'SoftwareLicensingProduct.Name',
        'SoftwareLicensingProduct.Description',
        'SoftwareLicensingProduct.LicenseFamily',
        'SoftwareLicensingProduct.LicenseStatus',
        'SoftwareLicensingProduct.ProductKeyChannel',
        'OfficeSoftwareProtectionProduct.ApplicationID',
        'OfficeSoftwareProtectionProduct.Name',
        'OfficeSoftwareProtectionProduct.Description',
        'OfficeSoftwareProtectionProduct.LicenseFamily',
        'OfficeSoftwareProtectionProduct.LicenseStatus',
        'SoftwareLicensingService.OA3xOriginalProductKeyDescription',
        'MSDM',
        'ACPI_SLIC'
    )
    'registry' = @(
        'EditionID',
        'ProductName',
        'InstallationType',
        'CurrentBuildNumber',
        'CurrentVersion',
        'ProductId'
    )
    'office-c2r' = @(
        'ProductReleaseIds',
        'ClientCulture',
        'Platform',
        'VersionToReport'
    )
    'office-msi' = @(
        '(text)'
    )
    'ospp' = @(
        '(text)'
    )
    'dism' = @(
        'index',
        '(text)'
    )
}

# What the service takes.
$ReportCountMax = 8
$ValueCountMax = 64
$ValueBytesMax = 1024
$TextBytesMax = 16384
$ShortBytesMax = 256
$FreeBytesMax = 1024
# Licenses of one class that are reported; a PC has one or two.
$LicenseCountMax = 8

$WindowsApplication = '55c92734-d682-4d71-983e-d6ec3f16059f'
$OfflineHive = 'ReimageRightsOffline'
$Utf8 = New-Object Text.UTF8Encoding($false)
$script:Licenses = @{}

# Ends the run with a code and a line that says what to do.
function Stop-Collector([int]$Code, [string]$Message) {
    $script:Code = $Code
    throw $Message
}

function New-Map {
    return (New-Object Collections.Specialized.OrderedDictionary)
}

# ---- Text --------------------------------------------------------------------------------------------------------------------

# Masks what the service takes for a product key: five groups of five with hyphens between, or of key signs however joined.
function Hide-ProductKey([string]$Text) {
    $masked = '(product key masked)'
    $sign = '[B-DF-HJ-NP-RTV-Y2-46-9b-df-hj-np-rtv-y]'
    $hyphen = '[-\u2010-\u2015\u2212]'
    $Text = [regex]::Replace($Text, "(?<![A-Za-z0-9])[A-Za-z0-9]{5}(?:${hyphen}[A-Za-z0-9]{5}){4}(?![A-Za-z0-9])", $masked)
    $Text = [regex]::Replace($Text, "${sign}{5}(?:[^\p{L}\p{N}]{1,3}${sign}{5}){4}", $masked)
    return [regex]::Replace($Text, "(?<![A-Za-z0-9])${sign}{25}(?![A-Za-z0-9])", $masked)
}

# The text without keys, half signs and controls, cut to a number of bytes at the end of an entry.
function Limit-Text([string]$Text, [int]$BytesMax, [string]$Separator, [string]$What) {
    $half = '[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]'
    $Text = [regex]::Replace($Text, $half, '?')
    $Text = [regex]::Replace($Text, '[\x00-\x08\x0B\x0C\x0E-\x1F]', '')
    $Text = Hide-ProductKey $Text
    $bytes = $Utf8.GetBytes($Text)
    if ($bytes.Length -le $BytesMax) {
        return $Text
    }
    $end = $BytesMax
    while ($end -gt 0 -and ($bytes[$end] -band 0xC0) -eq 0x80) {
        $end--
    }
    $cut = $Utf8.GetString($bytes, 0, $end)
    $last = -1
    if ($Separator) {
        $last = $cut.LastIndexOf($Separator)
    }
    if ($last -gt 0) {
        $cut = $cut.Substring(0, $last)
    }
    Write-Warning "$What is longer than $BytesMax bytes; only its beginning is sent"
    return $cut
}

# A file of text in whichever encoding Windows tools leave: UTF-16, UTF-8, or the console's code page.
function Read-TextFile([string]$Path) {
    $full = Get-FullPath $Path
    if (-not [IO.File]::Exists($full)) {
        Stop-Collector $Exit.Usage "there is no file ``$full``"
    }
    $bytes = [IO.File]::ReadAllBytes($full)
    if ($bytes.Length -ge 2 -and $bytes[0] -eq 0xFF -and $bytes[1] -eq 0xFE) {
        return [Text.Encoding]::Unicode.GetString($bytes, 2, $bytes.Length - 2)
    }
    if ($bytes.Length -ge 2 -and $bytes[0] -eq 0xFE -and $bytes[1] -eq 0xFF) {
        return [Text.Encoding]::BigEndianUnicode.GetString($bytes, 2, $bytes.Length - 2)
    }
    $start = 0
    if ($bytes.Length -ge 3 -and $bytes[0] -eq 0xEF -and $bytes[1] -eq 0xBB -and $bytes[2] -eq 0xBF) {
        $start = 3
    }
    try {
        $strict = New-Object Text.UTF8Encoding($false, $true)
        return $strict.GetString($bytes, $start, $bytes.Length - $start)
    }
    catch {
        Write-Verbose "``$full`` is not UTF-8; it is read in the console's code page"
    }
    try {
        $page = [Globalization.CultureInfo]::CurrentCulture.TextInfo.OEMCodePage
        return [Text.Encoding]::GetEncoding($page).GetString($bytes)
    }
    catch {
        return [Text.Encoding]::Default.GetString($bytes)
    }
}

# .NET has a current folder of its own, so it is given whole paths.
function Get-FullPath([string]$Path) {
    return $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}

# ---- JSON --------------------------------------------------------------------------------------------------------------------

# Nothing reaches the wire but through here, so this is where keys are masked once more. All of it is ASCII.
function ConvertTo-JsonString([string]$Text) {
    $json = New-Object Text.StringBuilder
    [void]$json.Append('"')
    foreach ($sign in (Hide-ProductKey $Text).ToCharArray()) {
        $number = [int]$sign
        if ($number -eq 34) { [void]$json.Append('\"') }
        elseif ($number -eq 92) { [void]$json.Append('\\') }
        elseif ($number -eq 10) { [void]$json.Append('\n') }
        elseif ($number -eq 13) { [void]$json.Append('\r') }
        elseif ($number -eq 9) { [void]$json.Append('\t') }
        elseif ($number -lt 32 -or $number -gt 126) { [void]$json.Append('\u').Append($number.ToString('x4')) }
        else { [void]$json.Append([string]$sign) }
    }
    [void]$json.Append('"')
    return $json.ToString()
}

function ConvertTo-JsonText($Value, [string]$Indent) {
    if ($null -eq $Value) {
        return 'null'
    }
    if ($Value -is [bool]) {
        if ($Value) { return 'true' }
        return 'false'
    }
    if ($Value -is [int]) {
        return $Value.ToString([Globalization.CultureInfo]::InvariantCulture)
    }
    if ($Value -is [string]) {
        return (ConvertTo-JsonString $Value)
    }
    $deeper = $Indent + '  '
    $parts = New-Object Collections.ArrayList
    if ($Value -is [Collections.IDictionary]) {
        foreach ($key in $Value.Keys) {
            [void]$parts.Add($deeper + (ConvertTo-JsonString $key) + ': ' + (ConvertTo-JsonText $Value[$key] $deeper))
        }
        $ends = '{', '}'
    }
    else {
        foreach ($entry in $Value) {
            [void]$parts.Add($deeper + (ConvertTo-JsonText $entry $deeper))
        }
        $ends = '[', ']'
    }
    if ($parts.Count -eq 0) {
        return $ends[0] + $ends[1]
    }
    return $ends[0] + "`n" + [string]::Join(",`n", $parts.ToArray([string])) + "`n" + $Indent + $ends[1]
}

# Objects become hashtables, arrays ArrayLists.
function ConvertFrom-JsonText([string]$Text) {
    $pattern = '"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][-+0-9.eE]*|true|false|null|[\[\]{}:,]|\S'
    $script:Tokens = [regex]::Matches($Text, $pattern)
    $script:At = 0
    $value = Read-JsonValue
    if ($script:At -ne $script:Tokens.Count -or -not ($value -is [Collections.Hashtable])) {
        throw 'no JSON object'
    }
    return $value
}

function Read-JsonToken {
    if ($script:At -ge $script:Tokens.Count) {
        throw 'the JSON ends too early'
    }
    $token = $script:Tokens[$script:At].Value
    $script:At++
    return $token
}

function Get-JsonToken {
    if ($script:At -lt $script:Tokens.Count) {
        return $script:Tokens[$script:At].Value
    }
    return ''
}

function Read-JsonValue {
    $token = Read-JsonToken
    if ($token -eq '{') {
        return (Read-JsonObject)
    }
    if ($token -eq '[') {
        return ,(Read-JsonArray)
    }
    if ($token.Length -ge 2 -and $token[0] -eq '"') {
        return [regex]::Unescape($token.Substring(1, $token.Length - 2))
    }
    switch -CaseSensitive ($token) {
        'true' { return $true }
        'false' { return $false }
        'null' { return $null }
    }
    if ($token -match '^-?[0-9]') {
        return $token
    }
    throw "no JSON at ``$token``"
}

function Read-JsonObject {
    $object = New-Object Collections.Hashtable
    if ((Get-JsonToken) -eq '}') {
        [void](Read-JsonToken)
        return $object
    }
    while ($true) {
        $key = Read-JsonValue
        if (-not ($key -is [string]) -or (Read-JsonToken) -ne ':') {
            throw 'a JSON object without keys'
        }
        $object[$key] = Read-JsonValue
        $token = Read-JsonToken
        if ($token -eq '}') {
            return $object
        }
        if ($token -ne ',') {
            throw 'a JSON object without an end'
        }
    }
}

function Read-JsonArray {
    $array = New-Object Collections.ArrayList
    if ((Get-JsonToken) -eq ']') {
        [void](Read-JsonToken)
        return ,$array
    }
    while ($true) {
        [void]$array.Add((Read-JsonValue))
        $token = Read-JsonToken
        if ($token -eq ']') {
            return ,$array
        }
        if ($token -ne ',') {
            throw 'a JSON array without an end'
        }
    }
}

# ---- Parameters --------------------------------------------------------------------------------------------------------------

# The entries of a list, without empty ones.
function Split-List([string]$Text) {
    $entries = New-Object Collections.ArrayList
    foreach ($entry in $Text.Split(';')) {
        if ($entry.Trim()) {
            [void]$entries.Add($entry.Trim())
        }
    }
    return ,$entries
}

# The name of a value on the wire, for a name with or without its prefix in any letter case.
function Get-EnumName([string]$Parameter, [string]$Value, [string]$Prefix, [string[]]$Names) {
    $name = $Value.Trim().ToUpperInvariant().Replace('-', '_').Replace(' ', '_')
    if ($name.StartsWith($Prefix)) {
        $name = $name.Substring($Prefix.Length)
    }
    if ($Names -notcontains $name) {
        Stop-Collector $Exit.Usage "-$Parameter takes one of $([string]::Join(', ', $Names)), not ``$Value``"
    }
    return $Prefix + $name
}

function Get-Number([string]$Parameter, [string]$Value, [int]$Default, [int]$Least, [int]$Most) {
    if (-not $Value) {
        return $Default
    }
    $number = 0
    if (-not [int]::TryParse($Value, [ref]$number) -or $number -lt $Least -or $number -gt $Most) {
        Stop-Collector $Exit.Usage "-$Parameter takes a number from $Least to $Most, not ``$Value``"
    }
    return $number
}

# Adds a text that was stated.
function Add-Text($Map, [string]$Key, [string]$Text) {
    if ($Text.Trim()) {
        $Map[$Key] = Limit-Text ($Text.Trim()) $ShortBytesMax '' "``$Key``"
    }
}

function New-Product([string]$Name, [string]$Language) {
    $product = New-Map
    Add-Text $product 'name' $Name
    Add-Text $product 'language' $Language
    return $product
}

function New-Products([string]$List) {
    $products = New-Object Collections.ArrayList
    if ($List.Trim() -ne 'none') {
        foreach ($name in (Split-List $List)) {
            [void]$products.Add((New-Product $name ''))
        }
    }
    return ,$products
}

# ---- Reports -----------------------------------------------------------------------------------------------------------------

# Adds a value that was read. The release on Server 2003 says something by being empty, others do not.
function Add-Value($Values, [string]$Name, $Value) {
    if ($Value -is [array]) {
        $text = [string]::Join(',', [string[]]$Value)
    }
    else {
        $text = [string]$Value
    }
    if ($text.Trim() -or $Name -eq 'Win32_OperatingSystem.OtherTypeDescription') {
        $Values[$Name] = Limit-Text ($text.Trim()) $ValueBytesMax ',' "``$Name``"
    }
}

# A report, or nothing where there is nothing to report.
function New-Report([string]$Tool, $Values, [string]$Text) {
    $report = New-Map
    $report['tool'] = $Tool
    $known = $Sent[$Tool]
    $kept = New-Map
    foreach ($name in $Values.Keys) {
        if ($known -notcontains ($name -replace '\[[0-9]+\]', '')) {
            Stop-Collector $Exit.Failed "``$name`` of ``$Tool`` is nothing that is sent"
        }
        if ($kept.Count -lt $ValueCountMax) {
            $kept[$name] = $Values[$name]
        }
    }
    if ($Values.Count -gt $kept.Count) {
        Write-Warning "``$Tool`` has $($Values.Count) values; the first $($kept.Count) are sent"
    }
    if ($kept.Count -gt 0) {
        $report['values'] = $kept
    }
    if ($Text.Trim()) {
        if ($known -notcontains '(text)') {
            Stop-Collector $Exit.Failed "text of ``$Tool`` is nothing that is sent"
        }
        $report['text'] = Limit-Text ($Text.Replace("`r`n", "`n").Trim()) $TextBytesMax "`n" "the text of ``$Tool``"
    }
    if ($report.Count -gt 1) {
        return $report
    }
}

function Add-Report($Reports, $Report) {
    if ($null -eq $Report) {
        return
    }
    if ($Reports.Count -ge $ReportCountMax) {
        Write-Warning "more than $ReportCountMax reports on one thing; the one of ``$($Report['tool'])`` is left out"
        return
    }
    [void]$Reports.Add($Report)
}

function Test-WindowsPE {
    return (Test-Path -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\MiniNT')
}

# Rows of a class, or none where the class or a property is not there.
function Get-Rows([string]$Query) {
    try {
        Get-WmiObject -Query $Query
    }
    catch {
        Write-Verbose "WMI gives nothing for ``$Query``: $($_.Exception.Message)"
    }
}

# Licenses with a key installed, asked for once. ProductKeyChannel came with Windows 8, and not every class tells add-ons, such as
# those for late security updates, which are no products.
function Get-Licenses([string]$Class) {
    if (-not $script:Licenses.ContainsKey($Class)) {
        $properties = 'ApplicationID, Name, Description, LicenseFamily, LicenseStatus'
        $rows = @()
        foreach ($more in ', LicenseIsAddon, ProductKeyChannel', ', LicenseIsAddon', '') {
            if ($rows.Count -eq 0) {
                $rows = @(Get-Rows "SELECT $properties$more FROM $Class WHERE PartialProductKey IS NOT NULL")
            }
        }
        $script:Licenses[$Class] = $rows
    }
    foreach ($row in $script:Licenses[$Class]) {
        if ($null -ne $row -and -not $row.LicenseIsAddon) {
            $row
        }
    }
}

# Adds rows of a class, numbered, so that each stays a thing of its own.
function Add-Licenses($Values, [string]$Class, [object[]]$Rows) {
    $number = 0
    foreach ($row in $Rows) {
        if ($number -ge $LicenseCountMax) {
            Write-Warning "$($Rows.Count) licenses of ``$Class``; the first $LicenseCountMax are sent"
            return
        }
        foreach ($known in $Sent['wmi']) {
            $of, $property = $known.Split('.')
            if ($of -eq $Class -and $property) {
                Add-Value $Values "${Class}[$number].$property" $row.$property
            }
        }
        $number++
    }
}

function Get-WindowsReport([bool]$IsPE, $Firmware) {
    $values = New-Map
    if (-not $IsPE) {
        $system = @(Get-Rows 'SELECT * FROM Win32_OperatingSystem')[0]
        if ($null -ne $system) {
            foreach ($known in $Sent['wmi']) {
                $of, $property = $known.Split('.')
                if ($of -eq 'Win32_OperatingSystem') {
                    Add-Value $values $known $system.$property
                }
            }
        }
        $rows = @(Get-Licenses 'SoftwareLicensingProduct' | Where-Object { $_.ApplicationID -eq $WindowsApplication })
        Add-Licenses $values 'SoftwareLicensingProduct' $rows
        # What the key in the firmware is for. The key stands beside it, and is not asked for.
        $service = @(Get-Rows 'SELECT OA3xOriginalProductKeyDescription FROM SoftwareLicensingService')[0]
        if ($null -ne $service) {
            $name = 'SoftwareLicensingService.OA3xOriginalProductKeyDescription'
            Add-Value $values $name $service.OA3xOriginalProductKeyDescription
        }
    }
    # That there is a key, for Windows before 8 cannot tell what it is for.
    if ($Firmware.HasKey) {
        Add-Value $values 'MSDM' 'present'
    }
    Add-Value $values 'ACPI_SLIC' $Firmware.Slic
    return (New-Report 'wmi' $values '')
}

# Named values of a registry key, and no others: some of the rest are secret.
function Get-RegistryReport([string]$Tool, [string]$Path) {
    $values = New-Map
    if (Test-Path -Path $Path) {
        $key = Get-Item -Path $Path
        foreach ($name in $Sent[$Tool]) {
            Add-Value $values $name ($key.GetValue($name))
        }
        $key.Close()
    }
    return (New-Report $Tool $values '')
}

# Product codes of Office, those of whole products first.
function Get-OfficeMsiReport([string]$Software) {
    $whole = New-Object Collections.ArrayList
    $parts = New-Object Collections.ArrayList
    foreach ($folder in 'Microsoft', 'Wow6432Node\Microsoft') {
        $path = "$Software\$folder\Windows\CurrentVersion\Uninstall"
        if (-not (Test-Path -Path $path)) {
            continue
        }
        $key = Get-Item -Path $path
        foreach ($name in $key.GetSubKeyNames()) {
            if ($name -notmatch '^\{[0-9A-F-]{36}\}$' -or $name -notmatch '(0FF1CE|-8CFE-0150048383C9)\}$') {
                continue
            }
            if ($name -match '^\{[0-9A-F]{8}-[0-9A-F]{4}-0000-' -or $name -match '-8CFE-0150048383C9\}$') {
                [void]$whole.Add($name)
            }
            else {
                [void]$parts.Add($name)
            }
        }
        $key.Close()
    }
    $whole.AddRange($parts)
    return (New-Report 'office-msi' (New-Map) ([string]::Join("`n", $whole.ToArray([string]))))
}

# What ospp.vbs says of names and descriptions; the ends of keys and names of hosts, which it prints as well, are left out.
function Get-OsppReport {
    foreach ($root in $env:ProgramFiles, ${env:ProgramFiles(x86)}) {
        foreach ($folder in 'Office16', 'Office15', 'Office14') {
            $file = "$root\Microsoft Office\$folder\ospp.vbs"
            if (-not $root -or -not (Test-Path -Path $file)) {
                continue
            }
            $text = Invoke-Script $file '/dstatus'
            $lines = New-Object Collections.ArrayList
            foreach ($line in $text.Split("`n")) {
                if ($line -match '^\s*LICENSE (NAME|DESCRIPTION)\s*:') {
                    [void]$lines.Add($line.Trim())
                }
            }
            return (New-Report 'ospp' (New-Map) ([string]::Join("`n", $lines.ToArray([string]))))
        }
    }
}

# Runs a program without a window and tells how it ended; -1 when it did not within a minute.
function Invoke-Program([string]$Program, [string]$Arguments) {
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = "$env:SystemRoot\System32\$Program"
    $start.Arguments = $Arguments
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $process = [Diagnostics.Process]::Start($start)
    if ($process.WaitForExit(60000)) {
        return $process.ExitCode
    }
    $process.Kill()
    return -1
}

# What a script of the Windows Script Host prints.
function Invoke-Script([string]$File, [string]$Arguments) {
    $output = [IO.Path]::GetTempFileName()
    try {
        $command = "cscript.exe //Nologo //T:50 `"$File`" $Arguments > `"$output`""
        $ending = Invoke-Program 'cmd.exe' "/d /c `"$command`""
        if ($ending -ne 0) {
            Write-Verbose "``$File`` ended with $ending"
        }
        return (Read-TextFile $output)
    }
    catch {
        Write-Verbose "``$File`` gives nothing: $($_.Exception.Message)"
        return ''
    }
    finally {
        Remove-Item -Path $output -ErrorAction SilentlyContinue
    }
}

# Which ACPI tables there are, and the version of the marker in the one named SLIC. The table MSDM holds a key and is not read.
function Get-Firmware {
    $firmware = @{ Slic = ''; HasKey = $false }
    try {
        Add-Type -Namespace ReimageRights -Name Firmware -MemberDefinition @'
[DllImport("kernel32.dll")]
public static extern uint EnumSystemFirmwareTables(uint provider, byte[] buffer, uint size);
[DllImport("kernel32.dll")]
public static extern uint GetSystemFirmwareTable(uint provider, uint table, byte[] buffer, uint size);
'@
        $acpi = [uint32]0x41435049
        $slic = [uint32]0x43494C53
        $names = New-Object byte[] 4096
        $size = [ReimageRights.Firmware]::EnumSystemFirmwareTables($acpi, $names, 4096)
        if ($size -eq 0 -or $size -gt 4096) {
            Write-Verbose 'the firmware lists no tables'
            return $firmware
        }
        $list = [Text.Encoding]::ASCII.GetString($names, 0, [int]$size)
        for ($at = 0; $at + 4 -le $list.Length; $at += 4) {
            $name = $list.Substring($at, 4)
            if ($name -ceq 'MSDM') {
                $firmware.HasKey = $true
            }
            if ($name -ceq 'SLIC') {
                $table = New-Object byte[] 4096
                $length = [ReimageRights.Firmware]::GetSystemFirmwareTable($acpi, $slic, $table, 4096)
                if ($length -le 4096) {
                    $firmware.Slic = Get-MarkerVersion $table ([int]$length)
                }
            }
        }
    }
    catch {
        Write-Verbose "the firmware cannot be read: $($_.Exception.Message)"
    }
    return $firmware
}

# Behind the header of 36 bytes stand parts with type and length; the one of type 1 is the marker that an OEM puts there. That
# there is none says nothing.
function Get-MarkerVersion([byte[]]$Table, [int]$Length) {
    $at = 36
    while ($at + 8 -le $Length) {
        $type = [BitConverter]::ToInt32($Table, $at)
        $size = [BitConverter]::ToInt32($Table, $at + 4)
        if ($size -lt 8 -or $size -gt $Length - $at) {
            break
        }
        if ($type -eq 1 -and $size -ge 38 -and [Text.Encoding]::ASCII.GetString($Table, $at + 26, 8) -ceq 'WINDOWS ') {
            return '0x' + [BitConverter]::ToInt32($Table, $at + 34).ToString('X')
        }
        $at += $size
    }
    return ''
}

# ---- The request -------------------------------------------------------------------------------------------------------------

# What makers of boards leave where a serial number belongs.
function Test-Serial([string]$Text) {
    $serial = $Text.Trim().ToLowerInvariant()
    $empty = 'none', 'default string', 'system serial number', 'not applicable', 'not specified', 'n/a', '0123456789', '123456789'
    $isFilled = $serial.Length -ge 4 -and $empty -notcontains $serial
    return $isFilled -and $serial -notmatch '^(.)\1*$' -and $serial -notmatch 'o\.e\.m\.'
}

function Get-DeviceId([bool]$IsPE) {
    if ($DeviceId.Trim()) {
        return $DeviceId.Trim()
    }
    $bios = @(Get-Rows 'SELECT SerialNumber FROM Win32_BIOS')[0]
    if ($null -ne $bios -and (Test-Serial ([string]$bios.SerialNumber))) {
        return ([string]$bios.SerialNumber).Trim()
    }
    $product = @(Get-Rows 'SELECT UUID FROM Win32_ComputerSystemProduct')[0]
    if ($null -ne $product -and (Test-Serial (([string]$product.UUID).Replace('-', '')))) {
        return ([string]$product.UUID).Trim()
    }
    if ($IsPE) {
        Stop-Collector $Exit.Usage 'the firmware has no serial number and the name of Windows PE is no name; state -DeviceId'
    }
    return $env:COMPUTERNAME
}

# What was stated of the Windows license.
function New-WindowsLicense {
    $license = New-Map
    $product = New-Product $LicenseProduct $LicenseLanguage
    if ($product.Count -gt 0) {
        $license['product'] = $product
    }
    if ($LicenseChannel) {
        $license['channel'] = Get-Channel 'LicenseChannel' $LicenseChannel
    }
    if ($LicenseKind) {
        $license['kind'] = Get-EnumName 'LicenseKind' $LicenseKind 'LICENSE_KIND_' ('FULL', 'UPGRADE')
    }
    if ($CoaProduct) {
        $license['coa'] = New-Product $CoaProduct ''
    }
    if ($PreinstalledProduct) {
        $license['preinstalled'] = New-Product $PreinstalledProduct ''
    }
    if ($PriorVersions) {
        $prior = New-Map
        $prior['products'] = New-Products $PriorVersions
        $license['priorVersions'] = $prior
    }
    if ($SoftwareAssurance) {
        if ('yes', 'no' -notcontains $SoftwareAssurance) {
            Stop-Collector $Exit.Usage "-SoftwareAssurance takes yes or no, not ``$SoftwareAssurance``"
        }
        $license['softwareAssurance'] = ($SoftwareAssurance -eq 'yes')
    }
    return $license
}

# The license that lies under a volume license of Windows, which is an upgrade. What the PC tells is told of this one: a volume
# license leaves nothing on a PC but a copy, which can run without it. Servers need none under it.
function New-BaseLicense {
    $isVolume = $LicenseChannel -and (Get-Channel 'LicenseChannel' $LicenseChannel) -eq 'CHANNEL_VOLUME'
    if (-not $isVolume) {
        if ($BaseProduct -or $BaseChannel) {
            Stop-Collector $Exit.Usage ('-BaseProduct and -BaseChannel tell of the license under a volume license of Windows; ' +
                'state -LicenseChannel VOLUME, too, or that license itself by -LicenseProduct and -LicenseChannel')
        }
        return
    }
    if ($BaseProduct.Trim() -eq 'none' -or $LicenseProduct -match 'server') {
        return
    }
    $base = New-Map
    $base['id'] = 'windows-base'
    if ($BaseProduct) {
        $base['product'] = New-Product $BaseProduct ''
    }
    else {
        $base['product'] = New-Map
        $base['product']['family'] = 'Windows'
    }
    if ($BaseChannel) {
        $base['channel'] = Get-Channel 'BaseChannel' $BaseChannel
        if ($base['channel'] -eq 'CHANNEL_VOLUME') {
            Stop-Collector $Exit.Usage '-BaseChannel takes OEM, FPP or OTHER_AGREEMENT: volume licenses of Windows are upgrades'
        }
    }
    return $base
}

function Get-Channel([string]$Parameter, [string]$Value) {
    return (Get-EnumName $Parameter $Value 'CHANNEL_' ('OEM', 'FPP', 'VOLUME', 'OTHER_AGREEMENT'))
}

# Families that reports on Office tell of, so that each has a license of its own.
function Get-OfficeFamilies($Reports) {
    $families = New-Object Collections.ArrayList
    $codes = @{ '0015' = 'Access'; '0016' = 'Excel'; '0018' = 'PowerPoint'; '0019' = 'Publisher'; '001A' = 'Outlook'
        '001B' = 'Word'; '003A' = 'Project'; '003B' = 'Project'; '0044' = 'InfoPath'; '0051' = 'Visio'; '0053' = 'Visio'
        '0057' = 'Visio'; '00A1' = 'OneNote'; '012B' = 'Lync' }
    # Those of 2003 have two signs for the product; what is none of these is taken for a suite.
    $codes2003 = @{ '15' = 'Access'; '16' = 'Excel'; '17' = 'FrontPage'; '18' = 'PowerPoint'; '19' = 'Publisher'
        '1A' = 'Outlook'; 'E0' = 'Outlook'; '1B' = 'Word'; '3A' = 'Project'; '3B' = 'Project'; '44' = 'InfoPath'; '51' = 'Visio'
        '52' = 'Visio'; '53' = 'Visio'; '54' = 'Visio'; '55' = 'Visio'; 'A1' = 'OneNote' }
    $suites = '0011', '0012', '0013', '0014', '002E', '002F', '0030', '003D', '00CA'
    $programs = 'Access', 'Excel', 'PowerPoint', 'Publisher', 'Outlook', 'Word', 'Project', 'Visio', 'InfoPath', 'OneNote', 'Lync'
    foreach ($report in $Reports) {
        $texts = New-Object Collections.ArrayList
        if ($report.Contains('text')) {
            $texts.AddRange($report['text'].Split("`n"))
        }
        if ($report.Contains('values')) {
            foreach ($name in $report['values'].Keys) {
                if ($name -eq 'ProductReleaseIds') { $texts.AddRange($report['values'][$name].Split(',')) }
                elseif ($name -match '\.Name$') { [void]$texts.Add($report['values'][$name]) }
            }
        }
        foreach ($text in $texts) {
            $family = ''
            if ($text -match '^\{[0-9A-F]{4}[0-9]{4}-([0-9A-F]{4})-([0-9A-F]{4})-[0-9A-F]{4}-[0-9A-F]*0FF1CE\}') {
                if ($suites -contains $matches[1]) { $family = 'Office' }
                elseif ($codes.Contains($matches[1]) -and $matches[2] -eq '0000') { $family = $codes[$matches[1]] }
            }
            elseif ($text -match '^\{[0-9A-F]{2}([0-9A-F]{2})[0-9A-F]{4}-6000-11D3-8CFE-0150048383C9\}') {
                $family = 'Office'
                if ($codes2003.Contains($matches[1])) { $family = $codes2003[$matches[1]] }
            }
            elseif ($text -match '^(?:LICENSE NAME: )?Office \d+, Office\d*([A-Za-z]+)' -or
                $text -match '^\s*([A-Z][A-Za-z0-9]+)') {
                $stem = $matches[1]
                if ($stem -match '^LICENSE') { continue }
                $family = 'Office'
                foreach ($program in $programs) {
                    if ($stem.StartsWith($program)) { $family = $program }
                }
                if ($stem.StartsWith('SkypeforBusiness')) { $family = 'Lync' }
            }
            if ($family -and -not $families.Contains($family)) {
                [void]$families.Add($family)
            }
        }
    }
    return ,$families
}

function Get-OfficeReports([bool]$IsPE, [string]$Software) {
    $reports = New-Object Collections.ArrayList
    Add-Report $reports (Get-RegistryReport 'office-c2r' "$Software\Microsoft\Office\ClickToRun\Configuration")
    Add-Report $reports (Get-RegistryReport 'office-c2r' "$Software\Microsoft\Office\15.0\ClickToRun\Configuration")
    Add-Report $reports (Get-OfficeMsiReport $Software)
    if (-not $IsPE) {
        $values = New-Map
        $rows = @(Get-Licenses 'SoftwareLicensingProduct' | Where-Object { $_.ApplicationID -ne $WindowsApplication })
        Add-Licenses $values 'SoftwareLicensingProduct' $rows
        Add-Licenses $values 'OfficeSoftwareProtectionProduct' @(Get-Licenses 'OfficeSoftwareProtectionProduct')
        Add-Report $reports (New-Report 'wmi' $values '')
        Add-Report $reports (Get-OsppReport)
    }
    return ,$reports
}

# Everything the registry of a Windows tells, which is the one that runs, or one mounted beside Windows PE.
function New-Licenses([bool]$IsPE, [string]$Software) {
    $licenses = New-Object Collections.ArrayList
    $windows = New-WindowsLicense
    $base = New-BaseLicense
    # What the PC, its label and its maker tell is of the license that came with it.
    $told = $windows
    if ($null -ne $base) {
        $told = $base
        foreach ($key in 'coa', 'preinstalled') {
            if ($windows.Contains($key)) {
                $base[$key] = $windows[$key]
                $windows.Remove($key)
            }
        }
    }
    $firmware = Get-Firmware
    $reports = New-Object Collections.ArrayList
    Add-Report $reports (Get-WindowsReport $IsPE $firmware)
    if ($Software) {
        Add-Report $reports (Get-RegistryReport 'registry' "$Software\Microsoft\Windows NT\CurrentVersion")
    }
    $evidence = $LicenseEvidence.Trim()
    if ($windows.Count -gt 0 -or $reports.Count -gt 0) {
        if ($evidence) {
            $windows['evidence'] = Limit-Text $evidence $FreeBytesMax '' '-LicenseEvidence'
        }
        if ($reports.Count -gt 0) {
            $told['reports'] = $reports
        }
        $windows.Insert(0, 'id', 'windows')
        [void]$licenses.Add($windows)
    }
    if ($null -ne $base) {
        [void]$licenses.Add($base)
    }
    if ($OfficeProducts) {
        foreach ($product in (New-Products $OfficeProducts)) {
            $license = New-Map
            $license['id'] = "office-$($licenses.Count)"
            $license['product'] = $product
            if ($OfficeChannel) {
                $license['channel'] = Get-Channel 'OfficeChannel' $OfficeChannel
            }
            [void]$licenses.Add($license)
        }
    }
    elseif ($Software -and -not $SkipOffice) {
        $reports = Get-OfficeReports $IsPE $Software
        foreach ($family in (Get-OfficeFamilies $reports)) {
            $license = New-Map
            $license['id'] = $family.ToLowerInvariant()
            $license['product'] = New-Map
            $license['product']['family'] = $family
            if ($OfficeChannel) {
                $license['channel'] = Get-Channel 'OfficeChannel' $OfficeChannel
            }
            $license['reports'] = $reports
            [void]$licenses.Add($license)
        }
    }
    return ,$licenses
}

function Get-GatheredLicenses([bool]$IsPE) {
    if ($OfflineWindows -and -not $IsPE) {
        Stop-Collector $Exit.Usage '-OfflineWindows is for Windows PE; leave it out where Windows itself runs'
    }
    if (-not $IsPE) {
        return ,(New-Licenses $false 'HKLM:\SOFTWARE')
    }
    if (-not $OfflineWindows) {
        return ,(New-Licenses $true '')
    }
    $hive = (Get-FullPath $OfflineWindows).TrimEnd('\') + '\System32\config\SOFTWARE'
    if (-not [IO.File]::Exists($hive)) {
        Stop-Collector $Exit.Usage "there is no registry at ``$hive``; state the folder of a Windows"
    }
    if ((Invoke-Program 'reg.exe' "load HKLM\$OfflineHive `"$hive`"") -ne 0) {
        Stop-Collector $Exit.Usage "the registry ``$hive`` cannot be mounted; is the disk unlocked and free of errors?"
    }
    try {
        return ,(New-Licenses $true "HKLM:\$OfflineHive")
    }
    finally {
        [GC]::Collect()
        [GC]::WaitForPendingFinalizers()
        if ((Invoke-Program 'reg.exe' "unload HKLM\$OfflineHive") -ne 0) {
            Write-Warning "HKLM\$OfflineHive is still mounted; reg.exe unload lets it go"
        }
    }
}

function New-Image {
    $image = New-Map
    Add-Text $image 'id' $ImageId
    Add-Text $image 'digest' $ImageDigest
    $media = New-Map
    if ($MediaSource) {
        $sources = 'VLSC_DOWNLOAD', 'VOLUME_DISC_KIT', 'OEM_MEDIA', 'OEM_RECOVERY_MEDIA', 'RETAIL_MEDIA', 'OTHER'
        $media['source'] = Get-EnumName 'MediaSource' $MediaSource 'MEDIA_SOURCE_' $sources
    }
    if ($MediaKind) {
        $media['kind'] = Get-EnumName 'MediaKind' $MediaKind 'MEDIA_KIND_' ('FULL', 'UPGRADE')
    }
    Add-Text $media 'agreementNumber' $MediaAgreementNumber
    if ($media.Count -gt 0) {
        $image['media'] = $media
    }
    if ($Deployment) {
        $deployments = 'STANDARD_IMAGE', 'INDIVIDUAL_RECOVERY', 'FACTORY_PRELOAD'
        $image['deployment'] = Get-EnumName 'Deployment' $Deployment 'DEPLOYMENT_' $deployments
    }
    if ($PerformedBy) {
        $image['performedBy'] = Get-EnumName 'PerformedBy' $PerformedBy 'PERFORMER_' ('ORGANIZATION', 'SERVICE_PROVIDER', 'OEM')
    }
    $names = Split-List $ImageProducts
    if ($names.Count -eq 0) {
        if (-not $ImageReportFile) {
            Stop-Collector $Exit.Usage 'state -ImageProducts, or -ImageReportFile, or both: what does the image hold?'
        }
        [void]$names.Add('')
    }
    $products = New-Object Collections.ArrayList
    foreach ($name in $names) {
        $product = New-Map
        $product['product'] = New-Product $name $ImageLanguage
        [void]$products.Add($product)
    }
    $image['products'] = $products
    if ($ImageReportFile) {
        $values = New-Map
        Add-Value $values 'index' $ImageIndex
        $reports = New-Object Collections.ArrayList
        Add-Report $reports (New-Report 'dism' $values (Read-TextFile $ImageReportFile))
        $image['reports'] = $reports
    }
    elseif ($ImageIndex) {
        Stop-Collector $Exit.Usage '-ImageIndex picks an image of -ImageReportFile; state that, too'
    }
    return $image
}

function New-Agreement {
    $agreement = New-Map
    if ($AgreementProgram) {
        $programs = 'SELECT_PLUS', 'SELECT_LICENSE', 'ENTERPRISE_AGREEMENT', 'ENTERPRISE_AGREEMENT_SUBSCRIPTION',
            'CAMPUS_AGREEMENT', 'SCHOOL_AGREEMENT', 'OPEN_LICENSE', 'OPEN_VALUE', 'OPEN_VALUE_SUBSCRIPTION',
            'OTHER_VOLUME', 'NONE'
        $agreement['program'] = Get-EnumName 'AgreementProgram' $AgreementProgram 'PROGRAM_' $programs
    }
    Add-Text $agreement 'number' $AgreementNumber
    if ($Purchases) {
        $items = New-Object Collections.ArrayList
        foreach ($entry in (Split-List $Purchases)) {
            if ($entry -eq 'none') {
                continue
            }
            $name, $quantity = $entry.Split('=')
            $item = New-Map
            $item['product'] = New-Product $name ''
            if ($quantity) {
                $item['quantity'] = Get-Number 'Purchases' $quantity.Trim() 0 0 2147483647
            }
            [void]$items.Add($item)
        }
        $agreement['purchases'] = New-Map
        $agreement['purchases']['items'] = $items
    }
    return $agreement
}

function New-Labels {
    $marks = New-Map
    foreach ($entry in (Split-List $Labels)) {
        $at = $entry.IndexOf('=')
        if ($at -lt 1) {
            Stop-Collector $Exit.Usage "-Labels takes entries such as site=Berlin, not ``$entry``"
        }
        $marks[$entry.Substring(0, $at).Trim()] = Limit-Text ($entry.Substring($at + 1).Trim()) $FreeBytesMax '' "``$entry``"
    }
    return $marks
}

function New-Request {
    $isPE = [bool](Test-WindowsPE)
    $request = New-Map
    if ($RequestId.Trim()) {
        Add-Text $request 'requestId' $RequestId
    }
    else {
        $request['requestId'] = [Guid]::NewGuid().ToString()
    }
    # Faults in what was stated show before anything is gathered.
    $image = New-Image
    $agreement = New-Agreement
    $marks = New-Labels
    $device = New-Map
    Add-Text $device 'id' (Get-DeviceId $isPE)
    if ($Unlicensed) {
        $device['unlicensed'] = $true
    }
    else {
        $licenses = Get-GatheredLicenses $isPE
        if ($licenses.Count -gt 0) {
            $device['licenses'] = $licenses
        }
        else {
            Write-Warning 'nothing tells of a license, and none is stated: the licenses of this PC are sent as unknown'
        }
    }
    $request['device'] = $device
    $request['image'] = $image
    if ($agreement.Count -gt 0) {
        $request['agreement'] = $agreement
    }
    if ($marks.Count -gt 0) {
        $request['labels'] = $marks
    }
    return $request
}

# ---- Asking ------------------------------------------------------------------------------------------------------------------

# The task sequence that this runs in, if it runs in one.
function Get-TaskSequence {
    try {
        return (New-Object -ComObject Microsoft.SMS.TSEnvironment)
    }
    catch {
        return $null
    }
}

function Set-TaskSequenceVerdict([string]$Verdict, [string]$DecisionId) {
    $sequence = Get-TaskSequence
    if ($null -ne $sequence) {
        $sequence.Value('ReimageRightsVerdict') = $Verdict
        $sequence.Value('ReimageRightsDecisionId') = $DecisionId
    }
}

function Get-Token {
    $token = [string]$env:REIMAGE_RIGHTS_TOKEN
    if ($TokenFile) {
        $token = Read-TextFile $TokenFile
    }
    elseif ($TokenVariable) {
        $sequence = Get-TaskSequence
        if ($null -eq $sequence) {
            Stop-Collector $Exit.Usage '-TokenVariable is for task sequences, and none runs; use -TokenFile'
        }
        $token = [string]$sequence.Value($TokenVariable)
    }
    $token = $token.Trim()
    if (($TokenFile -or $TokenVariable) -and -not $token) {
        Stop-Collector $Exit.Usage 'the file or the variable that should hold the token is empty'
    }
    if ($token -match '[^\x21-\x7E]') {
        Stop-Collector $Exit.Usage 'the token holds signs that no token has; is the file the right one?'
    }
    return $token
}

function Get-Endpoint([string]$Token) {
    $uri = $null
    if (-not [Uri]::TryCreate($Server.Trim().TrimEnd('/') + '/v1/check', [UriKind]::Absolute, [ref]$uri)) {
        Stop-Collector $Exit.Usage 'state -Server, such as https://imaging.example.com:8443'
    }
    if ($uri.Scheme -eq 'https') {
        Enable-Tls
        return $uri
    }
    if ($uri.Scheme -ne 'http') {
        Stop-Collector $Exit.Usage "-Server takes an address that begins with https://, not ``$Server``"
    }
    if (-not $uri.IsLoopback -and -not $AllowHttp) {
        Stop-Collector $Exit.Usage 'over http:// anybody on the way can change the answer; use https://, or -AllowHttp for a try'
    }
    if (-not $uri.IsLoopback -and $Token) {
        Stop-Collector $Exit.Usage 'a token is not sent over http:// to another machine; use https://'
    }
    return $uri
}

# The service speaks TLS 1.2 and later, which older .NET does not offer by itself; 3072 is the number of 1.2, whose name it lacks.
# 0 means what Windows has, which is right where it is there.
function Enable-Tls {
    if ([int][Net.ServicePointManager]::SecurityProtocol -eq 0) {
        return
    }
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Enum]::ToObject([Net.SecurityProtocolType], 3072)
    }
    catch {
        Stop-Collector $Exit.Usage ('this .NET has no TLS 1.2. On Windows 7 install the updates KB3140245 and KB3154518, or ' +
            '.NET 4.5 with Windows Management Framework 4, or later ones')
    }
}

function Add-Trust {
    if (-not $TrustCaFile) {
        return
    }
    if (-not (Test-WindowsPE)) {
        Stop-Collector $Exit.Usage '-TrustCaFile is for Windows PE; where Windows itself runs, distribute the authority by policy'
    }
    $file = Get-FullPath $TrustCaFile
    if (-not [IO.File]::Exists($file)) {
        Stop-Collector $Exit.Usage "there is no file ``$file``"
    }
    $certificate = New-Object Security.Cryptography.X509Certificates.X509Certificate2($file)
    $store = New-Object Security.Cryptography.X509Certificates.X509Store('Root', 'LocalMachine')
    $store.Open('ReadWrite')
    $store.Add($certificate)
    $store.Close()
}

# One try. Status 0 means that no answer came.
function Send-Request($Uri, [string]$Token, [byte[]]$Body, [int]$TimeoutMs) {
    $answer = @{ Status = 0; Body = ''; RetryAfter = ''; Failure = ''; IsFinal = $false }
    $response = $null
    try {
        $call = [Net.WebRequest]::Create($Uri)
        $call.Method = 'POST'
        $call.ContentType = 'application/json'
        $call.Accept = 'application/json'
        $call.UserAgent = 'Get-ReimageFacts'
        $call.Timeout = $TimeoutMs
        $call.ReadWriteTimeout = $TimeoutMs
        # A token goes to the server that was named, and nowhere else.
        $call.AllowAutoRedirect = $false
        $call.ServicePoint.Expect100Continue = $false
        if ($Token) {
            $call.Headers.Add('Authorization', "Bearer $Token")
        }
        $call.ContentLength = $Body.Length
        $stream = $call.GetRequestStream()
        $stream.Write($Body, 0, $Body.Length)
        $stream.Close()
        $response = $call.GetResponse()
    }
    catch {
        $failure = $_.Exception
        $answer.Failure = $failure.Message
        while ($null -ne $failure -and -not ($failure -is [Net.WebException])) {
            $failure = $failure.InnerException
        }
        if ($null -ne $failure) {
            $answer.Failure = $failure.Message
            $answer.IsFinal = ($failure.Status -eq [Net.WebExceptionStatus]::TrustFailure)
            if ($null -ne $failure.InnerException) {
                $answer.Failure += ' ' + $failure.InnerException.Message
            }
            $response = $failure.Response
        }
    }
    if ($null -ne $response) {
        $answer.RetryAfter = [string]$response.Headers['Retry-After']
        try {
            $reader = New-Object IO.StreamReader($response.GetResponseStream(), $Utf8)
            $answer.Body = $reader.ReadToEnd()
            $answer.Status = [int]$response.StatusCode
        }
        catch {
            $answer.Failure = "the answer broke off: $($_.Exception.Message)"
        }
        $response.Close()
    }
    return $answer
}

# Seconds to wait: as the service says, else longer each time.
function Get-Wait([string]$RetryAfter, [int]$Try) {
    $seconds = 0
    if ([int]::TryParse($RetryAfter, [ref]$seconds) -and $seconds -ge 0) {
        return [Math]::Max(1, $seconds)
    }
    $date = [DateTime]::MinValue
    $culture = [Globalization.CultureInfo]::InvariantCulture
    $style = [Globalization.DateTimeStyles]'AdjustToUniversal, AssumeUniversal'
    if ($RetryAfter -and [DateTime]::TryParse($RetryAfter, $culture, $style, [ref]$date)) {
        $away = ($date - [DateTime]::UtcNow).TotalSeconds
        return [int][Math]::Min(86400.0, [Math]::Max(1.0, $away + 1.0))
    }
    return [int][Math]::Min(60.0, [Math]::Pow(2.0, $Try))
}

# Asks until there is an answer, or no more waiting is allowed. The request id makes it safe to send twice what may have arrived.
function Invoke-Check($Uri, [string]$Token, [string]$Json, [int]$TimeoutMs, [int]$TryAgainMax, [int]$WaitMax) {
    $body = [Text.Encoding]::ASCII.GetBytes($Json)
    $deadline = [DateTime]::UtcNow.AddSeconds($WaitMax)
    $try = 0
    while ($true) {
        $answer = Send-Request $Uri $Token $body $TimeoutMs
        $isBusy = 0, 408, 429, 502, 503, 504 -contains $answer.Status
        if (-not $isBusy -or $answer.IsFinal -or $try -ge $TryAgainMax) {
            return $answer
        }
        $wait = Get-Wait $answer.RetryAfter $try
        if ([DateTime]::UtcNow.AddSeconds($wait) -gt $deadline) {
            return $answer
        }
        Write-Warning "no answer yet ($(Get-Ending $answer)); trying again in $wait s"
        Start-Sleep -Seconds $wait
        $try++
    }
}

function Get-Ending($Answer) {
    if ($Answer.Status -eq 0) {
        return $Answer.Failure
    }
    return "HTTP status $($Answer.Status)"
}

# ---- The answer --------------------------------------------------------------------------------------------------------------

function Get-List($Value) {
    if ($Value -is [Collections.ArrayList]) {
        return ,$Value
    }
    return ,(New-Object Collections.ArrayList)
}

# A value of the wire in words: VERDICT_NOT_PERMITTED is NOT PERMITTED.
function Get-Words([string]$Value, [string]$Prefix) {
    if ($Value.StartsWith($Prefix)) {
        $Value = $Value.Substring($Prefix.Length)
    }
    return $Value.Replace('_', ' ')
}

function Get-ProductWords($Product) {
    $words = New-Object Collections.ArrayList
    if ($Product -is [Collections.Hashtable]) {
        $names = New-Object Collections.ArrayList
        foreach ($part in 'name', 'family', 'version', 'edition') {
            if ($Product[$part]) {
                [void]$names.Add($Product[$part])
            }
        }
        if ($names.Count -gt 0) {
            [void]$words.Add([string]::Join(' ', $names.ToArray([string])))
        }
        if ($Product['language']) {
            [void]$words.Add($Product['language'])
        }
    }
    if ($words.Count -eq 0) {
        return 'a product that is not known'
    }
    return [string]::Join(', ', $words.ToArray([string]))
}

# Ends with what the service said where it gave no decision.
function Stop-WithRefusal($Answer) {
    $codes = @{ 400 = $Exit.Refused; 409 = $Exit.Refused; 413 = $Exit.Refused; 415 = $Exit.Refused; 422 = $Exit.Refused
        401 = $Exit.NotAllowed; 403 = $Exit.NotAllowed
        0 = $Exit.Unreachable; 408 = $Exit.Unreachable; 429 = $Exit.Unreachable; 502 = $Exit.Unreachable; 503 = $Exit.Unreachable
        504 = $Exit.Unreachable }
    $code = $Exit.NoVerdict
    if ($codes.ContainsKey([int]$Answer.Status)) {
        $code = $codes[[int]$Answer.Status]
    }
    $lines = New-Object Collections.ArrayList
    [void]$lines.Add("the service gave no decision ($(Get-Ending $Answer))")
    try {
        $status = ConvertFrom-JsonText $Answer.Body
        if ($status['message']) {
            [void]$lines.Add('  ' + $status['message'])
        }
        foreach ($detail in (Get-List $status['details'])) {
            foreach ($violation in (Get-List $detail['fieldViolations'])) {
                [void]$lines.Add("  - $($violation['field']): $($violation['description'])")
            }
        }
    }
    catch {
        Write-Verbose 'what came is no error of the service'
    }
    Stop-Collector $code ([string]::Join("`n", $lines.ToArray([string])))
}

# The decision in an answer. It has to be on this very request, so that no other answer passes for one.
function Get-Decision($Answer, $Request) {
    if ($Answer.Status -ne 200) {
        Stop-WithRefusal $Answer
    }
    $decision = $null
    try {
        $decision = (ConvertFrom-JsonText $Answer.Body)['decision']
    }
    catch {
        Write-Verbose $_.Exception.Message
    }
    if (-not ($decision -is [Collections.Hashtable]) -or -not $decision['decisionId']) {
        Stop-Collector $Exit.NoVerdict 'what answered is not reimage-rights: its answer holds no decision'
    }
    $asked = $decision['request']
    if (-not ($asked -is [Collections.Hashtable]) -or $asked['requestId'] -cne $Request['requestId']) {
        Stop-Collector $Exit.NoVerdict 'the decision that came is on another request'
    }
    return $decision
}

function Write-Finding($Finding) {
    $outcome = (Get-Words ([string]$Finding['outcome']) 'OUTCOME_').ToLowerInvariant()
    if ('broken', 'unknown' -notcontains $outcome) {
        return
    }
    Write-Output "  $($outcome.PadRight(8)) $($Finding['condition']): $($Finding['explanation'])"
    if ($Finding['remedy']) {
        Write-Output "  do       $($Finding['remedy'])"
    }
}

function Write-Decision($Decision, $Request) {
    $image = [string]$Request['image']['id']
    if (-not $image) {
        $image = '(no id)'
    }
    Write-Output "$(Get-Words $Decision['verdict'] 'VERDICT_')  image $image on device $($Request['device']['id'])"
    foreach ($item in (Get-List $Decision['items'])) {
        $verdict = (Get-Words ([string]$item['verdict']) 'VERDICT_').ToLowerInvariant()
        Write-Output ''
        Write-Output "$(Get-ProductWords $item['product']): $verdict"
        $basis = (Get-Words ([string]$item['basis']) 'BASIS_').ToLowerInvariant()
        Write-Output "  by       $basis, license $($item['licenseId'])"
        foreach ($finding in (Get-List $item['findings'])) {
            Write-Finding $finding
        }
    }
    $missing = Get-List $Decision['missingFacts']
    if ($missing.Count -gt 0) {
        Write-Output ''
        Write-Output 'Tell me'
        foreach ($path in $missing) {
            Write-Output "  - $path"
        }
    }
    foreach ($reading in (Get-List $Decision['unsettled'])) {
        Write-Output ''
        Write-Output "All is stated on $($reading['condition']), and the licensing brief leaves it open."
    }
    Write-Output ''
    Write-Output "Decision $($Decision['decisionId'])"
    Write-Output "  $($Decision['decidedAt']), rules $($Decision['rulesRevision'])"
}

# ---- The run -----------------------------------------------------------------------------------------------------------------

function Invoke-Collector {
    Set-TaskSequenceVerdict 'NONE' ''
    if ($null -ne $Rest -and $Rest.Count -gt 0) {
        Stop-Collector $Exit.Usage "``$([string]::Join(' ', [string[]]$Rest))`` is no parameter; Get-Help tells them"
    }
    if ($PSVersionTable.PSVersion.Major -gt 5) {
        Stop-Collector $Exit.Usage 'this needs Windows PowerShell, 2.0 to 5.1: start it by powershell.exe, not pwsh.exe'
    }
    if ($env:PROCESSOR_ARCHITEW6432) {
        Stop-Collector $Exit.Usage ('a 32-bit PowerShell sees another registry: start the 64-bit one, ' +
            '%SystemRoot%\sysnative\WindowsPowerShell\v1.0\powershell.exe')
    }
    $timeoutMs = 1000 * (Get-Number 'TimeoutSeconds' $TimeoutSeconds 30 1 3600)
    $tryAgainMax = Get-Number 'RetryMax' $RetryMax 5 0 100
    $waitMax = Get-Number 'WaitMaxSeconds' $WaitMaxSeconds 300 0 86400
    if (-not $PrintRequest) {
        $token = Get-Token
        $uri = Get-Endpoint $token
        Add-Trust
    }
    $request = New-Request
    $json = ConvertTo-JsonText $request ''
    if ($PrintRequest) {
        if ($OutFile) {
            [IO.File]::WriteAllText((Get-FullPath $OutFile), $json + "`n", $Utf8)
        }
        else {
            Write-Output $json
        }
        $script:Code = $Exit.Printed
        return
    }
    Write-Verbose "request $($request['requestId'])"
    $answer = Invoke-Check $uri $token $json $timeoutMs $tryAgainMax $waitMax
    if ($OutFile) {
        [IO.File]::WriteAllText((Get-FullPath $OutFile), $answer.Body, $Utf8)
    }
    $decision = Get-Decision $answer $request
    Write-Decision $decision $request
    $verdict = [string]$decision['verdict']
    $ends = @{
        'VERDICT_PERMITTED'     = $Exit.Permitted
        'VERDICT_NOT_PERMITTED' = $Exit.NotPermitted
        'VERDICT_INDETERMINATE' = $Exit.Indeterminate
    }
    if (-not $ends.ContainsKey($verdict)) {
        Stop-Collector $Exit.NoVerdict "``$verdict`` is no verdict that this script knows"
    }
    Set-TaskSequenceVerdict $verdict.Substring('VERDICT_'.Length) $decision['decisionId']
    $script:Code = $ends[$verdict]
}

try {
    Invoke-Collector
}
catch {
    if ($script:Code -eq $Exit.Permitted) {
        $script:Code = $Exit.Failed
    }
    [Console]::Error.WriteLine($_.Exception.Message)
    Write-Verbose ($_ | Out-String)
}
exit $script:Code
