<#--
  The frame of every mail, ours and the server's own: a table of at most 600 px, styles inline because mail programs drop the
  others, the few in <style> for dark mode only. No picture, nothing fetched. Typed data is printed by ${…}, which escapes it;
  never through msg(), which would look up names of messages in it.
-->
<#macro emailLayout>
<!DOCTYPE html>
<html lang="${locale.language}" dir="${ltr?then("ltr", "rtl")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject!msg("brandName")}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #0f1722 !important; }
  .card { background-color: #18222f !important; border-color: #334152 !important; }
  .card, .text { color: #e6ebf1 !important; }
  .title { color: #b9d3f0 !important; }
  .muted { color: #aab6c4 !important; }
  .link { color: #8fc1ff !important; }
  .action { background-color: #ff9d5c !important; }
  .action a { color: #1a1004 !important; border-color: #ff9d5c !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f4f6f9;">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f4f6f9;">
<tr><td align="center" style="padding:24px 12px;">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border:1px solid #d9dee4;border-radius:8px;color:#1f2933;font-family:Arial,Helvetica,sans-serif;font-size:17px;line-height:1.5;">
<tr><td style="padding:24px 24px 0 24px;"><h1 class="title" style="margin:0;color:#1d3557;font-size:20px;line-height:1.3;">${agencyName!realmName!msg("brandName")}</h1></td></tr>
<tr><td class="text" style="padding:16px 24px 8px 24px;color:#1f2933;overflow-wrap:break-word;word-break:break-word;">
<#nested>
</td></tr>
<tr><td class="muted" style="padding:0 24px 24px 24px;color:#55606e;font-size:14px;">${msg("automatic")}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
</#macro>

<#macro paragraph><p style="margin:0 0 16px 0;"><#nested></p></#macro>

<#macro hello name="">
<@paragraph>${msg("hello")}<#if name?has_content> ${name}</#if>,</@paragraph>
</#macro>

<#macro fact label value>
<@paragraph>${label}<br><strong>${value}</strong></@paragraph>
</#macro>

<#-- A way to say that it was somebody else; a plain link, because few need it. In text mails it is written out. -->
<#macro dispute href>
<@paragraph><strong>${msg("disputeQuestion")}</strong><br>${msg("disputeText")}<br><a class="link" href="${href}" style="color:#1d4f91;">${msg("disputeButton")}</a></@paragraph>
<p class="muted" style="margin:0 0 16px 0;color:#55606e;font-size:14px;">${msg("disputeLinkText")}<br><a class="link" href="${href}" style="color:#1d4f91;word-break:break-all;">${href}</a></p>
</#macro>

<#-- A button that is a link in a coloured cell (Outlook drops padding of links, not of cells), and its address in full. -->
<#macro button href label>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px 0;">
<tr><td class="action" align="center" bgcolor="#b84a00" style="border-radius:6px;background-color:#b84a00;">
<a href="${href}" style="display:inline-block;padding:14px 24px;border:1px solid #b84a00;border-radius:6px;color:#ffffff;font-weight:bold;text-decoration:none;text-transform:uppercase;">${label}</a>
</td></tr>
</table>
<p class="muted" style="margin:0 0 16px 0;color:#55606e;font-size:14px;">${msg("buttonFallback")}<br><a class="link" href="${href}" style="color:#1d4f91;word-break:break-all;">${href}</a></p>
</#macro>
