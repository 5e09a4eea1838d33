<#--
  The password was reset; nobody is signed in. loginUrl: where the owner signs in, or null. stayUrl: this page without the
  redirection, given when there is one (the header Refresh makes it).
-->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("resetDoneTitle")}
<#elseif section == "form">
<p>${msg("resetDoneText")}<#if stayUrl??> ${msg("resetDoneRedirect")}</#if></p>
<#if stayUrl??>
<@parts.question text=msg("resetDoneNotRedirected") link=msg("resetDoneLogin") href=loginUrl/>
<p class="question"><a href="${stayUrl}">${msg("resetDoneStay")}</a></p>
<#elseif loginUrl??>
<@parts.linkButton href=loginUrl label=msg("signIn")/>
<#else>
<p>${msg("confirmedNoLink")}</p>
</#if>
<p>${msg("resetDoneSessions")}</p>
</#if>
</@layout.registrationLayout>
